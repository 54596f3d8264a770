/** Which language somebody wants: kept in this browser for everybody who uses it, and at the site for its member. */
const STORE = "porchlight.language";

/** What was last chosen in this browser; empty where nothing was. */
export function keptLanguage(): string {
  try {
    return localStorage.getItem(STORE) ?? "";
  } catch {
    return "";
  }
}

export function keepLanguage(tag: string): void {
  try {
    localStorage.setItem(STORE, tag);
  } catch {
    // holds until the page is left
  }
}

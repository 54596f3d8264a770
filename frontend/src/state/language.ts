/** Which language somebody wants: kept in this browser for everybody who uses it, and at the site for its member. */
import { speak } from "../api/client.ts";
import type { Language } from "../api/types.ts";
import { changeLanguage, me } from "./session.ts";

export { speak };

const STORE = "porchlight.language";

/** What was last chosen in this browser; empty where nothing was. */
export function keptLanguage(): string {
  try {
    return localStorage.getItem(STORE) ?? "";
  } catch {
    return "";
  }
}

function keep(tag: string): void {
  try {
    localStorage.setItem(STORE, tag);
  } catch {
    // holds until the page is left
  }
}

/** What the member chose, in whichever browser; empty before a login or a choice. */
export function memberLanguage(): string {
  return me.value?.language ?? "";
}

/** Keeps the choice here and, for a member, at the site, whose pages about them then speak it. */
export async function chooseLanguage(tag: Language): Promise<void> {
  keep(tag);
  if (me.peek()) await changeLanguage(tag);
}

/** The CSRF token of this browser: the site's cookie holds it, and asking for the login's settings sets the cookie. */

const COOKIE = "__Host-porchlight-csrf=";
const SETTINGS = "/_allauth/browser/v1/config";
export const CSRF_HEADER = "X-CSRFToken";

export function needsToken(method: string): boolean {
  return !["GET", "HEAD", "OPTIONS"].includes(method.toUpperCase());
}

function fromCookie(): string | undefined {
  const pair = document.cookie.split("; ").find((part) => part.startsWith(COOKIE));
  return pair?.slice(COOKIE.length);
}

/** The token, fetched once if the cookie is not there yet. Empty when the site gives none. */
export async function csrfToken(): Promise<string> {
  if (!fromCookie()) await fetch(SETTINGS, { credentials: "same-origin" });
  return fromCookie() ?? "";
}

/** What the browser says of itself: whether there is a network, whether the page is in front. */
import { signal } from "@preact/signals";
import { ticket } from "../state/linking.ts";
import { mailToken } from "../state/login.ts";
import { online } from "../state/online.ts";

export const inFront = signal(!document.hidden);

/** Called once at the start. */
export function watchBrowser(): void {
  const network = () => {
    online.value = navigator.onLine;
  };
  network();
  window.addEventListener("online", network);
  window.addEventListener("offline", network);
  document.addEventListener("visibilitychange", () => {
    inFront.value = !document.hidden;
  });
}

const kept: Record<string, { value: string | null }> = { "/link": ticket, "/login/mail": mailToken };

/**
 * Where the page was opened by a scanned code or a mailed link: takes what stands behind the `#` out of the address, where it would stay in the
 * history. The site never sees it, because it is a fragment.
 */
export function keepFragment(): void {
  const { hash, pathname, search } = window.location;
  const place = Object.keys(kept).find((path) => pathname.endsWith(path));
  if (place === undefined || hash.length < 2) return;
  (kept[place] as { value: string | null }).value = hash.slice(1);
  window.history.replaceState(window.history.state, "", pathname + search);
}

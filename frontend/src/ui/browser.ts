/** What the browser says of itself: whether there is a network, whether the page is in front. */
import { signal } from "@preact/signals";
import { ticket } from "../state/linking.ts";
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

const LINK = "/link";

/**
 * Where the page was opened by a scanned code: takes the ticket out of the address, where it would stay in the history. The site never sees it,
 * because it is a fragment.
 */
export function keepTicket(): void {
  const { hash, pathname, search } = window.location;
  if (!pathname.endsWith(LINK) || hash.length < 2) return;
  ticket.value = hash.slice(1);
  window.history.replaceState(window.history.state, "", pathname + search);
}

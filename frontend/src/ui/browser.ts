/** What the browser says of itself: whether there is a network, whether the page is in front. */
import { signal } from "@preact/signals";
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

/** Everything in one download, which the browser itself keeps; and how far it is. */
import { signal } from "@preact/signals";
import { askTakeout, getTakeoutProgress, TAKEOUT_URL } from "../api/takeout.ts";
import { withRecentLogin } from "./reauthentication.ts";
import { onLogout } from "./session.ts";

const LOOK_MS = 1000;
const QUIET_LOOKS = 30;

/** From 0 to 1 while it is packed, null while nothing runs. */
export const packed = signal<number | null>(null);

/** Asks the site, then has `download` fetch the URL; resolves when all of it is packed, or nothing moves any more. */
export async function takeAll(download: (url: string) => void): Promise<void> {
  await withRecentLogin(askTakeout);
  packed.value = 0;
  download(TAKEOUT_URL);
  try {
    await watch();
  } finally {
    packed.value = null;
  }
}

async function watch(): Promise<void> {
  let last = -1;
  for (let quiet = 0; quiet < QUIET_LOOKS; quiet += 1) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const { done, total } = await getTakeoutProgress();
    if (total > 0 && done >= total) return;
    if (done !== last) quiet = 0;
    last = done;
    packed.value = total > 0 ? done / total : 0;
  }
}

onLogout(() => {
  packed.value = null;
});

/** Waits until the site has made a sent file ready. */
import { ApiError } from "../api/errors.ts";
import { getMedium } from "../api/media.ts";
import type { OwnMedia } from "../api/types.ts";

const FIRST_LOOK_MS = 150;
const LONGEST_PAUSE_MS = 2000;

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The medium once it is ready. Errors: the reason why the site refused it; `stopped` once nobody waits any more. */
export async function prepared(uid: string, isOver: () => boolean = () => false): Promise<OwnMedia> {
  let wait = FIRST_LOOK_MS;
  for (;;) {
    const found = await getMedium(uid);
    if (found.state === "ready") return found;
    if (found.state === "refused") throw new ApiError(found.problem);
    if (isOver()) throw new ApiError("stopped");
    await pause(wait);
    wait = Math.min(wait * 1.6, LONGEST_PAUSE_MS);
  }
}

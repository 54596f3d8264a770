/** One's own files and what they weigh. */
import { deleteMedium, getMedia, getUsage } from "../api/media.ts";
import type { MediaUsage, OwnMedia } from "../api/types.ts";
import { resource } from "./resource.ts";
import { onLogout } from "./session.ts";

export const files = resource<OwnMedia[]>(getMedia);
export const usage = resource<MediaUsage>(getUsage);

/** Deletes a file that nothing shows. */
export async function removeFile(uid: string): Promise<void> {
  await deleteMedium(uid);
  await Promise.all([files.load(), usage.load()]);
}

onLogout(() => {
  files.forget();
  usage.forget();
});

/** One's own picture: sent, made ready by the site, shown; described; taken away. */
import { signal } from "@preact/signals";
import { deleteMedium } from "../api/media.ts";
import { sendFile } from "../api/uploads.ts";
import { prepared } from "./preparing.ts";
import { changePicture, me, onLogout } from "./session.ts";

/** While a picture is on its way: which part of it the site holds, 1 while it is prepared; null while none is. */
export const progress = signal<number | null>(null);

function ownPicture(): { uid: string; alt: string } | null {
  const picture = me.peek()?.profile.picture;
  const uid = picture && /\/media\/([0-9a-f-]{36})\//.exec(picture.url)?.[1];
  return picture && uid ? { uid, alt: picture.alt } : null;
}

/** Sends a picture and shows it in place of the one before. Errors: those of files. */
export async function show(file: File): Promise<void> {
  progress.value = 0;
  try {
    const uid = await sendFile(file, (bytes) => {
      progress.value = file.size ? bytes / file.size : 1;
    }).done;
    progress.value = 1;
    await prepared(uid);
    await changePicture({ uid, alt: "" }).catch(async (fault: unknown) => {
      await deleteMedium(uid).catch(() => undefined);
      throw fault;
    });
  } finally {
    progress.value = null;
  }
}

export async function describe(alt: string): Promise<void> {
  const shown = ownPicture();
  if (shown) await changePicture({ uid: shown.uid, alt });
}

export function takeAway(): Promise<void> {
  return changePicture(null);
}

onLogout(() => {
  progress.value = null;
});

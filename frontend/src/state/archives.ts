/** Archives of posts: bringing one in, and how far that is. */
import { signal } from "@preact/signals";
import { EXPORT_URL, getImports, sendArchive } from "../api/archives.ts";
import type { PostImport } from "../api/types.ts";
import { ownPosts } from "./recent.ts";
import { resource } from "./resource.ts";
import { onLogout } from "./session.ts";

const LOOK_MS = 1500;

export const exportUrl = EXPORT_URL;
export const imports = resource<PostImport[]>(getImports);
/** How much of the file that is being sent is there, from 0 to 1; null while none is. */
export const sent = signal<number | null>(null);

/** Sends an archive, then looks now and then until the site has read it. */
export async function bringIn(file: File): Promise<void> {
  sent.value = 0;
  try {
    await sendArchive(file, (bytes) => {
      sent.value = bytes / file.size;
    });
  } finally {
    sent.value = null;
  }
  await imports.load();
}

export function isRunning(list: readonly PostImport[] | undefined): boolean {
  return list?.some((one) => one.state === "running") ?? false;
}

/** Looks again and again while an import runs; call the result to stop. */
export function watchImports(): () => void {
  const timer = setInterval(async () => {
    if (!isRunning(imports.data.value)) return;
    await imports.load();
    if (!isRunning(imports.data.value)) void ownPosts.load();
  }, LOOK_MS);
  return () => clearInterval(timer);
}

onLogout(() => {
  imports.forget();
  sent.value = null;
});

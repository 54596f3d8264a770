/** How this site's public pages look, for its owner. */
import { getLook, putLook } from "../api/looks.ts";
import type { Look } from "../api/types.ts";
import { resource } from "./resource.ts";
import { onLogout } from "./session.ts";

export { previewPath } from "../api/looks.ts";

export const look = resource<Look>(getLook);

export async function choose(theme: string): Promise<void> {
  look.put(await putLook(theme));
}

onLogout(() => look.forget());

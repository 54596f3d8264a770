/** How this site looks, for its owner. */
import { getLook, putLook } from "../api/looks.ts";
import type { Look } from "../api/types.ts";
import { resource } from "./resource.ts";
import { onLogout } from "./session.ts";

export { previewPath } from "../api/looks.ts";

export const look = resource<Look>(getLook);

/** Gives the stylesheet that the app wears from now on, empty for none. */
export async function choose(theme: string): Promise<string> {
  const chosen = await putLook(theme);
  look.put(chosen);
  return chosen.stylesheet;
}

onLogout(() => look.forget());

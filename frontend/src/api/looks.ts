/** The theme of the public pages; only the owner is answered. */
import { client, take } from "./client.ts";
import type { Look } from "./types.ts";

export function getLook(): Promise<Look> {
  return take(client.GET("/api/v1/site/look"));
}

/** An empty name: the site's own look. Errors: `not_found`. */
export function putLook(theme: string): Promise<Look> {
  return take(client.PUT("/api/v1/site/look", { body: { theme } }));
}

/** Where one's own page is shown in a theme that is not in use yet. */
export function previewPath(theme: string): string {
  return `/api/v1/site/look/preview?theme=${encodeURIComponent(theme)}`;
}

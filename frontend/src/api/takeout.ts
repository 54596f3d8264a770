/** Taking everything along. */
import { client, take } from "./client.ts";
import type { components } from "./schema.gen.ts";

export type Progress = components["schemas"]["ProgressShape"];
export const TAKEOUT_URL = "/api/v1/me/export";

/** Whether the download may begin. Errors: `recent_login`. */
export async function askTakeout(): Promise<void> {
  await take(client.POST("/api/v1/me/export"));
}

export function getTakeoutProgress(): Promise<Progress> {
  return take(client.GET("/api/v1/me/export/progress"));
}

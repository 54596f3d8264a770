/** Deleting one's account. */
import { client, take } from "./client.ts";
import type { components } from "./schema.gen.ts";

export type Leaving = components["schemas"]["LeavingShape"];

export function getLeaving(): Promise<Leaving> {
  return take(client.GET("/api/v1/me/leaving"));
}

/** When all of it is erased. Errors: `recent_login`, `wrong_name`, `last_owner`. */
export async function leave(username: string, heir: string): Promise<number> {
  return (await take(client.POST("/api/v1/me/leaving", { body: { username, heir } }))).until;
}

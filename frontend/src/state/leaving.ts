/** Deleting one's account, which a login takes back for some days. */
import * as api from "../api/leaving.ts";
import { withRecentLogin } from "./reauthentication.ts";
import { resource } from "./resource.ts";
import { closeHere, onLogout } from "./session.ts";

export const leaving = resource<api.Leaving>(api.getLeaving);

/** Goes; resolves to when all of it is erased. What this browser keeps of conversations stays in it. */
export async function leave(username: string, heir: string): Promise<number> {
  const until = await withRecentLogin(() => api.leave(username, heir));
  await closeHere();
  return until;
}

onLogout(() => leaving.forget());

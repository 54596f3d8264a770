/** The links that let people into this site. */
import type { InviteMade, Invites, NewInvite } from "../api/invites.ts";
import * as api from "../api/invites.ts";
import { resource } from "./resource.ts";
import { onLogout } from "./session.ts";

export type { Invite, InviteMade } from "../api/invites.ts";

export const invites = resource<Invites>(api.getInvites);

/** The new link, which the site does not show again. */
export async function invite(wish: NewInvite): Promise<InviteMade> {
  const made = await api.makeInvite(wish);
  await invites.load();
  return made;
}

export async function revoke(id: number): Promise<void> {
  await api.revokeInvite(id);
  await invites.load();
}

export async function letModeratorsInvite(allowed: boolean): Promise<void> {
  await api.letModeratorsInvite(allowed);
  await invites.load();
}

onLogout(() => invites.forget());

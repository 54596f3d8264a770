/** Links that let people in, of the owner and of moderators who may; and redeeming one. */
import { client, take } from "./client.ts";
import type { components } from "./schema.gen.ts";

type Schemas = components["schemas"];
export type Invite = Schemas["InviteShape"];
export type InviteMade = Schemas["InviteMadeShape"];
export type NewInvite = Schemas["NewInviteShapeRequest"];

export type Invites = Schemas["InvitesShape"];

export function getInvites(): Promise<Invites> {
  return take(client.GET("/api/v1/invites"));
}

/** For the owner. */
export async function letModeratorsInvite(allowed: boolean): Promise<void> {
  await take(client.PUT("/api/v1/invites/moderators", { body: { moderators_may: allowed } }));
}

/** Errors: `too_many`. */
export function makeInvite(body: NewInvite): Promise<InviteMade> {
  return take(client.POST("/api/v1/invites", { body }));
}

export async function revokeInvite(id: number): Promise<void> {
  await take(client.DELETE("/api/v1/invites/{id}", { params: { path: { id } } }));
}

/** Lets this session sign up once. Errors: `invite_refused`, `too_many`. */
export async function redeemInvite(token: string): Promise<void> {
  await take(client.POST("/api/v1/join", { body: { token } }));
}

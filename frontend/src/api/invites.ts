/** Links that let people in, for the owner; and redeeming one. */
import { client, take } from "./client.ts";
import type { components } from "./schema.gen.ts";

type Schemas = components["schemas"];
export type Invite = Schemas["InviteShape"];
export type InviteMade = Schemas["InviteMadeShape"];
export type NewInvite = Schemas["NewInviteShapeRequest"];

export async function getInvites(): Promise<Invite[]> {
  return (await take(client.GET("/api/v1/invites"))).invites;
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

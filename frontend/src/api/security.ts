/** What opens a login, and where one is logged in. Changes may fail with `recent_login`. */
import type { Reset } from "../protocol/reset.ts";
import { client, take } from "./client.ts";
import type { LoginSession, NewTotp, Security } from "./types.ts";

export function getSecurity(): Promise<Security> {
  return take(client.GET("/api/v1/me/security"));
}

/** A secret that counts once `confirmTotp` has shown a code of it. */
export function beginTotp(): Promise<NewTotp> {
  return take(client.POST("/api/v1/me/security/totp"));
}

/** New recovery codes, null if there were some already. Errors: `code_refused`, `too_many`. */
export async function confirmTotp(code: string): Promise<readonly string[] | null> {
  return (await take(client.PUT("/api/v1/me/security/totp", { body: { code } }))).recovery_codes;
}

export async function removeTotp(): Promise<void> {
  await take(client.DELETE("/api/v1/me/security/totp"));
}

export async function renewRecoveryCodes(): Promise<readonly string[]> {
  return (await take(client.POST("/api/v1/me/security/recovery-codes"))).recovery_codes ?? [];
}

/** The wish for a new passkey, as JSON for an authenticator. */
export async function beginPasskey(): Promise<unknown> {
  return (await take(client.POST("/api/v1/me/security/passkeys/options"))).options;
}

/** New recovery codes, null if there were some already. Errors: `passkey_refused`. */
export async function addPasskey(
  name: string,
  credential: Record<string, unknown>,
): Promise<readonly string[] | null> {
  const body = { name, credential };
  return (await take(client.POST("/api/v1/me/security/passkeys", { body }))).recovery_codes;
}

export async function renamePasskey(id: number, name: string): Promise<void> {
  const params = { path: { id } };
  await take(client.PATCH("/api/v1/me/security/passkeys/{id}", { params, body: { name } }));
}

export async function removePasskey(id: number): Promise<void> {
  await take(client.DELETE("/api/v1/me/security/passkeys/{id}", { params: { path: { id } } }));
}

/** Ends all other sessions. Errors: `weak_password`. */
export async function changePassword(password: string): Promise<void> {
  await take(client.PUT("/api/v1/me/password", { body: { password } }));
}

export function getSessions(): Promise<LoginSession[]> {
  return take(client.GET("/api/v1/me/sessions"));
}

export async function endSession(id: string): Promise<void> {
  await take(client.DELETE("/api/v1/me/sessions/{id}", { params: { path: { id } } }));
}

export async function endOtherSessions(): Promise<void> {
  await take(client.DELETE("/api/v1/me/sessions"));
}

/** Sends a code to an address, which counts once `confirmEmail` has shown it. Errors: `too_many`. */
export async function beginEmail(email: string): Promise<void> {
  await take(client.POST("/api/v1/me/security/email", { body: { email } }));
}

/** Errors: `mail_code`, `too_many`. */
export async function confirmEmail(code: string): Promise<void> {
  await take(client.PUT("/api/v1/me/security/email", { body: { code } }));
}

export async function removeEmail(): Promise<void> {
  await take(client.DELETE("/api/v1/me/security/email"));
}

/** Sends a link to the member of this name who has an address, if there is one. Errors: `too_many`. */
export async function askMailReset(username: string): Promise<void> {
  await take(client.POST("/api/v1/reset/mail", { body: { username } }));
}

/** Errors: `mail_link`, `weak_password`, `too_many`. */
export async function resetByMail(token: string, password: string): Promise<void> {
  await take(client.PUT("/api/v1/reset/mail", { body: { token, password } }));
}

/** What the account key has to sign for a new password; there is a challenge for every name. */
export function askReset(username: string): Promise<{ nonce: string; expires: number }> {
  return take(client.POST("/api/v1/reset/challenge", { body: { username } }));
}

/** Errors: `reset_refused`, `weak_password`, `too_many`. */
export async function resetPassword(statement: Reset, password: string): Promise<void> {
  await take(client.POST("/api/v1/reset", { body: { statement: { ...statement }, password } }));
}

/** What opens the member's login, and where they are logged in. Every change asks for a recent login by itself. */
import * as api from "../api/security.ts";
import type { LoginSession, NewTotp, Security } from "../api/types.ts";
import { makePasskey } from "./passkeys.ts";
import { withRecentLogin } from "./reauthentication.ts";
import { resource } from "./resource.ts";
import { onLogout } from "./session.ts";

export const security = resource<Security>(api.getSecurity);
export const sessions = resource<LoginSession[]>(api.getSessions);

onLogout(() => {
  security.forget();
  sessions.forget();
});

/** Whether a second factor is asked for at a login. */
export function hasFactor({ totp, passkeys }: Security): boolean {
  return totp !== null || passkeys.length > 0;
}

async function changed<T>(act: () => Promise<T>): Promise<T> {
  const found = await withRecentLogin(act);
  await security.load();
  return found;
}

/** A new secret for an authenticator app, to be confirmed by a code of it. */
export function beginTotp(): Promise<NewTotp> {
  return withRecentLogin(api.beginTotp);
}

/** New recovery codes if these are the first. */
export function confirmTotp(code: string): Promise<readonly string[] | null> {
  return changed(() => api.confirmTotp(code));
}

export function removeTotp(): Promise<void> {
  return changed(api.removeTotp);
}

export function renewRecoveryCodes(): Promise<readonly string[]> {
  return changed(api.renewRecoveryCodes);
}

/** New recovery codes if these are the first. Errors: `passkey_cancelled`, `passkey_refused`. */
export async function addPasskey(name: string): Promise<readonly string[] | null> {
  const made = await makePasskey(await withRecentLogin(api.beginPasskey));
  return changed(() => api.addPasskey(name, made));
}

export function renamePasskey(id: number, name: string): Promise<void> {
  return changed(() => api.renamePasskey(id, name));
}

export function removePasskey(id: number): Promise<void> {
  return changed(() => api.removePasskey(id));
}

/** Has a code sent to an address. Errors: `too_many`. */
export function beginEmail(email: string): Promise<void> {
  return withRecentLogin(() => api.beginEmail(email));
}

/** Errors: `mail_code`, `too_many`. */
export function confirmEmail(code: string): Promise<void> {
  return changed(() => api.confirmEmail(code));
}

export function removeEmail(): Promise<void> {
  return changed(api.removeEmail);
}

/** Ends all other sessions. Errors: `weak_password`. */
export async function changePassword(password: string): Promise<void> {
  await withRecentLogin(() => api.changePassword(password));
  await sessions.load();
}

export async function endSession(id: string): Promise<void> {
  await api.endSession(id);
  await sessions.load();
}

export async function endOtherSessions(): Promise<void> {
  await withRecentLogin(api.endOtherSessions);
  await sessions.load();
}

/** Logging in, step by step; and a new password by a mailed link. */
import { signal } from "@preact/signals";
import type { FactorKind } from "../api/auth.ts";
import * as auth from "../api/auth.ts";
import { asApiError } from "../api/errors.ts";
import * as api from "../api/security.ts";
import { passkey } from "./reauthentication.ts";
import { begin } from "./session.ts";

/** The ways to take the second step; null before the first one is done. */
export const factors = signal<readonly FactorKind[] | null>(null);

/** An earlier try, or another tab, got that far already. */
async function entered(entering: Promise<unknown>): Promise<void> {
  await entering.catch((thrown: unknown) => {
    if (asApiError(thrown).code === "login") factors.value = null;
    if (asApiError(thrown).code !== "already_logged_in") throw thrown;
  });
  factors.value = null;
  await begin();
}

/** Errors: `login_failed`, `too_many`. */
export async function logIn(username: string, password: string): Promise<void> {
  const asked = auth.logIn(username, password);
  const kinds = await asked.catch(() => null);
  if (kinds === null) await entered(asked);
  else factors.value = kinds;
}

/** The second step: a code of the app, or a recovery code. Errors: `code_refused`, `too_many`. */
export function giveCode(code: string): Promise<void> {
  return entered(auth.giveCode(code));
}

/** The second step, or the whole login if there was no first one. Errors: `code_refused`, `passkey_cancelled`. */
export function usePasskey(): Promise<void> {
  return entered(passkey(factors.peek() === null ? "login" : "authenticate"));
}

export function startOver(): void {
  factors.value = null;
}

/** What a mailed link ends with, while this page was opened by one. */
export const mailToken = signal<string | null>(null);

/** Has a link sent to the member of this name, if that member has an e-mail address. Errors: `too_many`. */
export function askMail(username: string): Promise<void> {
  return api.askMailReset(username);
}

/** Sets a new password by the mailed link; whoever was logged in here is out. Errors: `mail_link`, `weak_password`, `too_many`. */
export async function resetByMail(password: string): Promise<void> {
  await api.resetByMail(mailToken.peek() ?? "", password);
  mailToken.value = null;
  await begin();
}

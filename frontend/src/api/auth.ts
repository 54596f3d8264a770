/** Login in its steps, logout and the first sign-up: allauth's headless calls, with their answers turned into stable codes. */
import { CSRF_HEADER, csrfToken, needsToken } from "./csrf.ts";
import { ApiError, fromAnswer, waitOf } from "./errors.ts";

const BASE = "/_allauth/browser/v1/auth/";

/** A way to show a second factor. */
export type FactorKind = "totp" | "recovery_codes" | "webauthn";

/** What a passkey is shown for: a whole login, its second step, or once more while logged in. */
export type PasskeyUse = "login" | "authenticate" | "reauthenticate";

interface Problem {
  code: string;
  message: string;
  param?: string;
}

interface Answered {
  errors?: Problem[];
  data?: { flows?: { id: string; is_pending?: boolean; types?: FactorKind[] }[]; request_options?: unknown };
}

/** allauth's own code → ours. Those not listed keep their message under `schema`. */
const CODES: Record<string, string> = {
  username_password_mismatch: "login_failed",
  invalid_login: "login_failed",
  incorrect_password: "login_failed",
  incorrect_code: "code_refused",
  too_many: "too_many",
  rate_limited: "too_many",
  username_taken: "username_taken",
  password_too_short: "weak_password",
  password_too_similar: "weak_password",
  password_too_common: "weak_password",
  password_entirely_numeric: "weak_password",
};

function problemOf(answer: Response, body: Answered | null): ApiError {
  const first = body?.errors?.[0];
  if (!first) return fromAnswer(answer.status, body, waitOf(answer));
  const code = CODES[first.code] ?? (answer.status === 403 ? "refused" : "schema");
  return new ApiError(code, first.message, answer.status, waitOf(answer));
}

async function ask(method: string, path: string, body?: object): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body) headers["Content-Type"] = "application/json";
  try {
    if (needsToken(method)) headers[CSRF_HEADER] = await csrfToken();
    const request: RequestInit = { method, headers, credentials: "same-origin" };
    return await fetch(BASE + path, body ? { ...request, body: JSON.stringify(body) } : request);
  } catch {
    throw new ApiError("offline");
  }
}

/** The ways to take the next step, null if there is none: somebody is logged in now. */
async function enter(path: string, body: object): Promise<readonly FactorKind[] | null> {
  const answer = await ask("POST", path, body);
  if (answer.ok) return null;
  const found: Answered | null = await answer.json().catch(() => null);
  const step = found?.data?.flows?.find(({ id, is_pending }) => id === "mfa_authenticate" && is_pending);
  if (answer.status === 401 && step) return step.types ?? [];
  if (answer.status === 409) throw new ApiError("already_logged_in", "", 409);
  throw problemOf(answer, found);
}

/** The ways to show a second factor, null if none is asked for. Errors: `login_failed`, `too_many`, `offline`. */
export function logIn(username: string, password: string): Promise<readonly FactorKind[] | null> {
  return enter("login", { username, password });
}

/** The second step. Errors: `code_refused`, `too_many`, `login` when the first step is too long ago. */
export async function giveCode(code: string): Promise<void> {
  await enter("2fa/authenticate", { code });
}

/** The question for an authenticator, as JSON. */
export async function askPasskey(use: PasskeyUse): Promise<unknown> {
  const answer = await ask("GET", `webauthn/${use}`);
  const found: Answered | null = await answer.json().catch(() => null);
  if (!answer.ok) throw problemOf(answer, found);
  return found?.data?.request_options;
}

/** The authenticator's answer. Errors: `code_refused`, `too_many`. */
export async function givePasskey(use: PasskeyUse, credential: unknown): Promise<void> {
  await enter(`webauthn/${use}`, { credential });
}

/** Shows the password once more. Errors: `login_failed`, `too_many`. */
export async function showPassword(password: string): Promise<void> {
  await enter("reauthenticate", { password });
}

/** Shows a code once more. Errors: `code_refused`, `too_many`. */
export async function showCode(code: string): Promise<void> {
  await enter("2fa/reauthenticate", { code });
}

/** The first user, once `redeemSetup` allowed it. Errors: `username_taken`, `weak_password`, `refused`. */
export async function signUp(username: string, password: string): Promise<void> {
  await enter("signup", { username, password });
}

/** Ends the session. allauth answers 401 to say that nobody is logged in any more. */
export async function logOut(): Promise<void> {
  const answer = await ask("DELETE", "session");
  if (!answer.ok && answer.status !== 401) throw problemOf(answer, await answer.json().catch(() => null));
}

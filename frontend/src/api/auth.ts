/** Login, logout and the first sign-up: allauth's headless calls, with their answers turned into stable codes. */
import { CSRF_HEADER, csrfToken, needsToken } from "./csrf.ts";
import { ApiError, fromAnswer } from "./errors.ts";

const BASE = "/_allauth/browser/v1/auth/";

interface Problem {
  code: string;
  message: string;
  param?: string;
}

/** allauth's own code → ours. Those not listed keep their message under `schema`. */
const CODES: Record<string, string> = {
  username_password_mismatch: "login_failed",
  invalid_login: "login_failed",
  too_many_login_attempts: "too_many",
  rate_limited: "too_many",
  username_taken: "username_taken",
  password_too_short: "weak_password",
  password_too_similar: "weak_password",
  password_too_common: "weak_password",
  password_entirely_numeric: "weak_password",
};

function problemOf(status: number, body: unknown): ApiError {
  const errors = (body as { errors?: Problem[] } | null)?.errors;
  const first = errors?.[0];
  if (!first) return fromAnswer(status, body);
  return new ApiError(CODES[first.code] ?? (status === 403 ? "refused" : "schema"), first.message, status);
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

async function enter(path: string, body: object): Promise<void> {
  const answer = await ask("POST", path, body);
  if (answer.ok) return;
  const problem = problemOf(answer.status, await answer.json().catch(() => null));
  if (answer.status === 409) throw new ApiError("already_logged_in", "", 409);
  throw problem;
}

/** Errors: `login_failed`, `too_many`, `offline`. */
export function logIn(username: string, password: string): Promise<void> {
  return enter("login", { username, password });
}

/** The first user, once `redeemSetup` allowed it. Errors: `username_taken`, `weak_password`, `refused`. */
export function signUp(username: string, password: string): Promise<void> {
  return enter("signup", { username, password });
}

/** Ends the session. allauth answers 401 to say that nobody is logged in any more. */
export async function logOut(): Promise<void> {
  const answer = await ask("DELETE", "session");
  if (!answer.ok && answer.status !== 401)
    throw problemOf(answer.status, await answer.json().catch(() => null));
}

/**
 * Showing once more that it is you. What is sensitive runs inside `withRecentLogin`: when the site asks for it, a question
 * opens (`question`), and what was asked is done again once a password, code or passkey was shown.
 */
import { signal } from "@preact/signals";
import * as auth from "../api/auth.ts";
import { asApiError } from "../api/errors.ts";
import { LocalFault } from "./faults.ts";
import { showPasskey as sign } from "./passkeys.ts";

interface Question {
  readonly answered: () => void;
  readonly closed: () => void;
}

/** Open while somebody has to show who they are. */
export const question = signal<Question | null>(null);

/** Runs `act`, after the question if need be. Throws `not_shown` if the question was closed. */
export async function withRecentLogin<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    if (asApiError(thrown).code !== "recent_login") throw thrown;
  }
  await ask();
  return act();
}

/** Opens the question; one that was open is closed without an answer. */
function ask(): Promise<void> {
  giveUp();
  return new Promise<void>((resolve, reject) => {
    const close = (settle: () => void) => () => {
      question.value = null;
      settle();
    };
    question.value = {
      answered: close(resolve),
      closed: close(() => reject(new LocalFault("not_shown"))),
    };
  });
}

/** Closes the question without an answer. */
export function giveUp(): void {
  question.peek()?.closed();
}

async function answer(showing: Promise<void>): Promise<void> {
  await showing;
  question.peek()?.answered();
}

/** Errors: `login_failed`, `too_many`. */
export function showPassword(password: string): Promise<void> {
  return answer(auth.showPassword(password));
}

/** Errors: `code_refused`, `too_many`. */
export function showCode(code: string): Promise<void> {
  return answer(auth.showCode(code));
}

/** Errors: `code_refused`, `passkey_cancelled`. */
export function showPasskey(): Promise<void> {
  return answer(passkey("reauthenticate"));
}

/** Asks for a passkey and gives its answer to the site. */
export async function passkey(use: auth.PasskeyUse): Promise<void> {
  await auth.givePasskey(use, await sign(await auth.askPasskey(use)));
}

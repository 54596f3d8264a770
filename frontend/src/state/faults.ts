/** Errors as the interface meets them: anything thrown by a view module has a stable code. */

import type { Engine } from "./engine.ts";
import { engine } from "./engine.ts";
import type { localFaults } from "./views.ts";

/** A fault that only this browser raises; the code is one of `localFaults`. */
export class LocalFault extends Error {
  readonly code: keyof typeof localFaults;

  constructor(code: keyof typeof localFaults) {
    super(code);
    this.code = code;
  }
}

/** A fault that another tab met; any code. */
export class ToldFault extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** The stable code of whatever was thrown, here, by the core or by the site's API; `internal` when it has none. */
export function codeOf(error: unknown): string {
  if (error instanceof DOMException) return error.name === "QuotaExceededError" ? "storage" : "internal";
  const code = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" ? code : "internal";
}

/** The current engine. Throws `not_ready` when nobody is signed in. */
export function current(): Engine {
  if (engine.value === null) throw new LocalFault("not_ready");
  return engine.value;
}

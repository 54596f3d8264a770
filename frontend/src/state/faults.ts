/** Errors as the interface meets them: anything thrown by a view module has a stable code. */

import { ProtocolError } from "../protocol/errors.ts";
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

/** The stable code of whatever a view module threw; `internal` when it is none of ours. */
export function codeOf(error: unknown): string {
  return error instanceof ProtocolError || error instanceof LocalFault ? error.code : "internal";
}

/** The current engine. Throws `not_ready` when nobody is signed in. */
export function current(): Engine {
  if (engine.value === null) throw new LocalFault("not_ready");
  return engine.value;
}

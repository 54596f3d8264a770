/** Puts the private side together for the member who signed in. */

import type { Member } from "../engine.ts";
import { LocalFault } from "../faults.ts";

export async function startEngine(_member: Member): Promise<void> {
  throw new LocalFault("not_ready");
}

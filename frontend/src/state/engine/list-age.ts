/** How old the word is that a stored device list is the newest (SPEC 4.11). What is stored was verified when it came. */

import { age } from "../../protocol/knowledge.ts";
import type { ContactRow, SelfRow } from "../../storage/records.ts";
import type { ListAge } from "../views.ts";

type Stored = Pick<SelfRow | ContactRow, "list" | "revocations" | "freshness">;

export function listAge({ list: wire, revocations = [], freshness = null }: Stored, now: number): ListAge {
  const devices = new Map(wire.devices.map((each) => [each.device, each]));
  const revoked = new Map(revocations.map((each) => [each.device, each]));
  return age({ list: { ...wire, devices, wire }, revocations: revoked, freshness }, now);
}

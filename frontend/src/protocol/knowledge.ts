/**
 * What is known of an account's devices, from whoever told, and how old that is (SPEC 4.4, 4.11).
 *
 * Promise: nothing that a site serves takes a list or a revocation away again, and in whatever order things are learnt the same ones are known (of two
 * lists with one number the first stays). What a site kept back or turned back is named by an alarm. Pure: the shell stores `KeyKnowledge` and shows
 * the alarms.
 */

import { objectId } from "./canonical.ts";
import type { Certificate, DeviceList } from "./certificates.ts";
import { checkNewer } from "./certificates.ts";
import { ProtocolError } from "./errors.ts";
import type { Freshness } from "./freshness.ts";
import { listHash, mayVouch } from "./freshness.ts";
import type { Revocations } from "./revocations.ts";
import { NO_REVOCATIONS, revocationsHash, unite } from "./revocations.ts";

const DAY = 86_400_000;
export const FRESH_FOR = 14 * DAY;
const AHEAD = 300_000;

export type Age = "fresh" | "stale" | "unknown";
export type Alarm = "rolled_back" | "conflict" | "withheld" | "revoked";

const ALARMS: Readonly<Record<string, Alarm>> = {
  device_list_stale: "rolled_back",
  device_list_conflict: "conflict",
};

/** A verified list, verified revocations of its account, and the newest verified freshness statement. */
export interface KeyKnowledge {
  readonly list: DeviceList;
  readonly revocations: Revocations;
  readonly freshness: Freshness | null;
}

/**
 * `alarms`: `rolled_back`, a lower number than the known one was served; `conflict`, another list with the same number; `withheld`, a device vouches for
 * a list or for revocations that nobody showed us; `revoked`, the newest list names a revoked device.
 */
export interface Learned {
  readonly knowledge: KeyKnowledge;
  readonly alarms: readonly Alarm[];
}

/** The devices to seal to and to believe: listed and not revoked, ascending. */
export function activeDevices({ list, revocations }: KeyKnowledge): ReadonlyMap<string, Certificate> {
  return new Map([...list.devices].filter(([device]) => !revocations.has(device)));
}

/** What is known after `served` was seen. Throws `certificate_account` for another account's. */
export function learn(known: KeyKnowledge | null, served: KeyKnowledge): Learned {
  const { list, alarms } = newerList(known, served);
  const revocations = unite(known?.revocations ?? NO_REVOCATIONS, served.revocations);
  const statements = [known?.freshness, served.freshness].flatMap((each) => each ?? []);
  const bare = { list, revocations, freshness: null };
  const knowledge = { ...bare, freshness: newest(statements, bare) };
  if (isWithheld(knowledge)) alarms.push("withheld");
  if ([...revocations.keys()].some((device) => list.devices.has(device))) alarms.push("revoked");
  return { knowledge, alarms };
}

function newerList(known: KeyKnowledge | null, served: KeyKnowledge): { list: DeviceList; alarms: Alarm[] } {
  try {
    checkNewer(known?.list ?? null, served.list);
    return { list: served.list, alarms: [] };
  } catch (error) {
    const alarm = error instanceof ProtocolError ? ALARMS[error.code] : undefined;
    if (known === null || alarm === undefined) throw error;
    return { list: known.list, alarms: [alarm] };
  }
}

/** The statement of the highest number, then time, then id, of those whose device still may vouch. */
function newest(statements: readonly Freshness[], known: KeyKnowledge): Freshness | null {
  const active = activeDevices(known);
  const standing = statements.filter(({ device }) => mayVouch(active.get(device)));
  return standing.sort(compare).at(-1) ?? null;
}

function compare(a: Freshness, b: Freshness): number {
  if (a.number !== b.number) return a.number - b.number;
  if (a.time !== b.time) return a.time - b.time;
  return objectId("freshness", a) < objectId("freshness", b) ? -1 : 1;
}

/** Whether a device of the account vouches for something that we were not shown. */
export function isWithheld({ list, revocations, freshness: said }: KeyKnowledge): boolean {
  if (said === null) return false;
  if (said.number >= list.number && said.list !== listHash(list)) return true;
  const unlike = said.revocations !== revocationsHash(list.account, revocations.keys());
  return unlike && said.revoked >= revocations.size;
}

/**
 * Whether to warn before sealing to this account: yes if `stale`.
 *
 * A word is the list's own date, or that of a statement about it; one dated more than five minutes ahead counts for nothing. `unknown`: nobody ever
 * vouched, as for somebody without a vault.
 */
export function age(known: KeyKnowledge, now: number): Age {
  const { list, freshness: said } = known;
  if (isWithheld(known)) return "stale";
  const words = said?.list === listHash(list) ? [list.time, said.time] : [list.time];
  if (words.some((word) => now - FRESH_FOR <= word && word <= now + AHEAD)) return "fresh";
  return said === null ? "unknown" : "stale";
}

/** Whether a vault or a root-holding device should sign a freshness statement: daily, and whenever the list or the revocations changed. */
export function statementDue({ list, revocations, freshness: said }: KeyKnowledge, now: number): boolean {
  if (said === null || said.time <= now - DAY || said.time > now + AHEAD) return true;
  return (
    said.list !== listHash(list) || said.revocations !== revocationsHash(list.account, revocations.keys())
  );
}

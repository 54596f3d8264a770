/**
 * The newest device lists, told to the other side in the first hello (SPEC 10.2): who has an older one than its contacts learns that some site holds
 * the newer one back.
 */

import { objectId } from "../canonical.ts";
import type { DeviceList } from "../certificates.ts";
import { checkNewer, verifyDeviceList } from "../certificates.ts";
import { ProtocolError } from "../errors.ts";
import type { Sodium } from "../ports.ts";
import type { Effect } from "./effects.ts";
import type { Numbered } from "./frames.ts";
import { MAX_LISTS, writeFrame } from "./frames.ts";

export class Lists {
  private readonly sodium: Sodium;
  private readonly swarm: string;
  private readonly known: Map<string, DeviceList>;
  private received = 0;

  constructor(sodium: Sodium, swarm: string, known: Iterable<DeviceList>) {
    this.sodium = sodium;
    this.swarm = swarm;
    this.known = new Map([...known].map((each) => [each.account, each]));
  }

  /** What the hello says of them, at most 256 by account. */
  numbers(): Readonly<Record<string, Numbered>> {
    const accounts = [...this.known.keys()].sort().slice(0, MAX_LISTS);
    const lists = accounts.flatMap((account) => this.known.get(account) ?? []);
    return Object.fromEntries(lists.map((list) => [list.account, [list.number, idOf(list)] as const]));
  }

  /** Lists to send: what the other side has older, or other under the same number. */
  answer(theirs: Readonly<Record<string, Numbered>>): readonly Effect[] {
    return Object.keys(theirs)
      .sort()
      .flatMap((account) => {
        const list = this.known.get(account);
        const [number, id] = theirs[account] ?? [0, ""];
        if (list === undefined || list.number < number) return [];
        if (list.number === number && idOf(list) === id) return [];
        return [{ kind: "send", frame: writeFrame("list", this.swarm, { list: list.wire }) }];
      });
  }

  /** A list that came. ProtocolError if it is bad or one too many. */
  take(value: unknown): Effect {
    this.received += 1;
    if (this.received > MAX_LISTS) throw new ProtocolError("too_many", "list");
    const found = verifyDeviceList(this.sodium, value);
    try {
      checkNewer(this.known.get(found.account) ?? null, found);
    } catch (error) {
      if (!(error instanceof ProtocolError) || error.code !== "device_list_conflict") throw error;
      return { kind: "list-conflict", account: found.account };
    }
    this.known.set(found.account, found);
    return { kind: "newer-list", list: found };
  }
}

function idOf(list: DeviceList): string {
  return objectId("device-list", list.wire);
}

/** The latest history at once, vouched for by the own vault, page by page backwards (SPEC 10.6). */

import { canonical } from "../canonical.ts";
import type { Certificate } from "../certificates.ts";
import type { Bytes } from "../encoding.ts";
import { ProtocolError } from "../errors.ts";
import type { Sodium, StoredEvent } from "../ports.ts";
import { schemaError } from "../schema.ts";
import type { SignedEvent } from "../swarm/events.ts";
import { readSignedEvent } from "../swarm/events.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { verifyCheckpoint } from "./checkpoint.ts";
import type { Page, Send } from "./effects.ts";
import type { Frames } from "./frames.ts";
import { BATCH_BYTES, writeFrame } from "./frames.ts";
import type { Bound, EventSource } from "./source.ts";
import { placeOf } from "./source.ts";

export const MAX_PAGES = 4_096;

/** The frame with the latest events before a place: about 16 KiB, at least one event if there is one. */
export function writePage(
  source: EventSource,
  swarm: string,
  before: Bound,
  limit: number,
  checkpoint: unknown,
): Bytes {
  const page: StoredEvent[] = [];
  let size = 0;
  for (const event of source.latestFirst(before, limit)) {
    size += canonical(event.signed).length;
    if (page.length > 0 && size > BATCH_BYTES) break;
    page.push(event);
  }
  const last = page.at(-1);
  const next = last !== undefined && last.signed.event.depth > 0 ? placeOf(last) : null;
  return writeFrame("page", swarm, { checkpoint, events: page.map(({ signed }) => signed), next });
}

/** The questions for the latest history and their answers, in one session and both ways. */
export class Pages {
  private readonly source: EventSource;
  private readonly swarm: string;
  private readonly vouch: () => unknown;
  private asked = 0;
  private answered = 0;

  constructor(source: EventSource, swarm: string, vouch: () => unknown) {
    this.source = source;
    this.swarm = swarm;
    this.vouch = vouch;
  }

  ask(before: Bound, limit: number): Send {
    this.asked += 1;
    return { kind: "send", frame: writeFrame("recent", this.swarm, { before, limit }) };
  }

  /** The page asked for. `too_many` after too many of them. */
  answer({ before, limit }: Frames["recent"]): Send {
    this.answered += 1;
    if (this.answered > MAX_PAGES) throw new ProtocolError("too_many", "recent");
    const checkpoint = before === null ? this.vouch() : null;
    return { kind: "send", frame: writePage(this.source, this.swarm, before, limit, checkpoint) };
  }

  /** A page that came. `schema` if nothing was asked that it could answer. */
  take({ checkpoint, events, next }: Frames["page"]): Page {
    if (this.asked === 0) throw schemaError("kind");
    this.asked -= 1;
    return { kind: "page", checkpoint, events, next };
  }
}

/**
 * What the vault shows of a swarm whose history is not checked here yet. An event counts as vouched for if a vouched one names it as parent or the
 * checkpoint names it as head; whether its author was entitled is for the sync to find out.
 */
export class Recent {
  checkpoint: Checkpoint | null = null;
  private readonly sodium: Sodium;
  private readonly swarm: string;
  private readonly vault: Certificate;
  private readonly expected = new Set<string>();

  constructor(sodium: Sodium, swarm: string, vault: Certificate) {
    this.sodium = sodium;
    this.swarm = swarm;
    this.vault = vault;
  }

  /**
   * The vouched events of a page, latest first; others, which came to the vault later, are passed over. ProtocolError for a checkpoint or event that
   * is bad; `refused` while there is no checkpoint.
   */
  take(page: Page): readonly SignedEvent[] {
    if (page.checkpoint !== null) {
      this.checkpoint = verifyCheckpoint(this.sodium, page.checkpoint, this.vault, this.swarm);
      for (const head of this.checkpoint.heads) this.expected.add(head);
    }
    if (this.checkpoint === null) throw new ProtocolError("refused", "checkpoint");
    const events = page.events.map((value) => readSignedEvent(this.sodium, value));
    return events.filter((event) => this.vouches(event));
  }

  private vouches(event: SignedEvent): boolean {
    if (!this.expected.delete(event.id)) return false;
    for (const parent of event.parents) this.expected.add(parent);
    return true;
  }
}

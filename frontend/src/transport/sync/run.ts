/**
 * Carrying a sync session over a link.
 *
 * It ends with the link, with the session, or when the peer falls silent; nothing here holds up whoever writes into the swarm meanwhile. Reading and
 * sending go on beside each other, so that two ends that both have much to send do not wait for each other.
 */

import type { Bytes } from "../../protocol/encoding.ts";
import type { Clock, FrameLink } from "../../protocol/ports.ts";
import { LinkClosed } from "../../protocol/ports.ts";
import type { Effect, Ended } from "../../protocol/sync/effects.ts";
import type { Taken } from "../../protocol/sync/pull.ts";
import { Spoiled } from "../../protocol/sync/pull.ts";
import type { Session } from "../../protocol/sync/session.ts";
import type { After } from "../socket.ts";
import { browserAfter } from "../socket.ts";

export const TICK = 5_000;

export interface Shell {
  /** Adds the events, all or none, durably; throws Spoiled if one is bad. */
  readonly take: (events: readonly unknown[]) => Promise<Taken>;
  /** Hears of device lists and pages. */
  readonly hear: (effect: Effect) => void;
  readonly clock: Clock;
  readonly after?: After;
}

/** The whole session; the link is left open for the next one unless it ended itself. */
export async function run(session: Session, link: FrameLink, shell: Shell): Promise<Ended> {
  const carrier = new Carrier(session, link, shell);
  const ended = await carrier.run();
  await carrier.sent;
  return ended;
}

class Carrier {
  /** Done when all that the session wanted sent is under way, or the link has ended. */
  sent: Promise<void> = Promise.resolve();
  private readonly session: Session;
  private readonly link: FrameLink;
  private readonly shell: Shell;
  private coming: Promise<Bytes | null> | null = null;
  private ended: Ended | null = null;

  constructor(session: Session, link: FrameLink, shell: Shell) {
    this.session = session;
    this.link = link;
    this.shell = shell;
  }

  async run(): Promise<Ended> {
    await this.perform(this.session.start());
    while (this.ended === null) await this.perform(await this.next());
    return this.ended;
  }

  /** What follows from the next frame, or from waiting for it. */
  private async next(): Promise<readonly Effect[]> {
    this.coming ??= this.link.receive().catch(noneIfClosed);
    const frame = await this.unlessTicked(this.coming);
    if (frame === "tick") return this.session.tick(this.shell.clock.now());
    this.coming = null;
    return frame === null ? this.session.lost() : this.session.receive(frame, this.shell.clock.now());
  }

  private async unlessTicked<T>(coming: Promise<T>): Promise<T | "tick"> {
    let cancel = () => {};
    const ticked = new Promise<"tick">((resolve) => {
      cancel = (this.shell.after ?? browserAfter)(TICK, () => resolve("tick"));
    });
    try {
      return await Promise.race([coming, ticked]);
    } finally {
      cancel();
    }
  }

  private async perform(effects: readonly Effect[]): Promise<void> {
    const waiting = [...effects];
    for (let effect = waiting.shift(); effect !== undefined; effect = waiting.shift()) {
      if (effect.kind === "send") this.send(effect.frame);
      else if (effect.kind === "take") waiting.push(...(await this.taken(effect.events)));
      else if (effect.kind === "ended") this.ended = effect;
      else this.shell.hear(effect);
    }
  }

  private async taken(events: readonly unknown[]): Promise<readonly Effect[]> {
    try {
      return this.session.taken(await this.shell.take(events));
    } catch (error) {
      if (error instanceof Spoiled) return this.session.spoiled(error);
      throw error;
    }
  }

  private send(frame: Bytes): void {
    this.sent = this.sent.then(() => this.link.send(frame)).catch(noneIfClosed) as Promise<void>;
  }
}

function noneIfClosed(error: unknown): null {
  if (error instanceof LinkClosed) return null;
  throw error;
}

/**
 * From the socket into storage (SPEC 5.3, 6.5, 6.6): the sender's certificate, the signature, the seal, the letter, its effect, the ack.
 *
 * Promise: an envelope has its effect once. Erasing the one-time prekey, recording the envelope and storing what came with it are one transaction,
 * and only then does the site hear that it may drop the mail. A bad envelope changes nothing but the record that it was refused. What cannot be judged
 * now (the sender's site does not answer, our clock is behind, the sender's account key has changed) is kept, still sealed, and tried again. At most `MOST_HELD` are kept so; the rest stay at the site.
 */

import type { Address } from "../../protocol/addresses.ts";
import type { Certificate } from "../../protocol/certificates.ts";
import type { Envelope } from "../../protocol/envelope.ts";
import { checkTime, envelopeHash, readEnvelope, verifyEnvelope } from "../../protocol/envelope.ts";
import { ProtocolError } from "../../protocol/errors.ts";
import { readLetter } from "../../protocol/letters.ts";
import { openMail } from "../../protocol/seal.ts";
import type { Change } from "../../storage/indexeddb.ts";
import type { TakenRow } from "../../storage/records.ts";
import { LocalFault } from "../faults.ts";
import type { Core } from "./core.ts";
import type { Directory } from "./directory.ts";
import type { Histories } from "./histories.ts";
import type { Effect, Letters } from "./letters.ts";
import { prekeyHolder } from "./prekeys.ts";
import type { Wire } from "./wire.ts";

const MOST_HELD = 256;
const MOST_HELD_OF_SITE = 32;

/** It cannot be judged now. */
class NotNow extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** What became of a mail. */
export type Taken = "taken" | "again" | "later" | "refused";

export interface Report {
  readonly outcome: Taken;
  readonly code: string | null;
  readonly swarm: string | null;
}

export class Mailroom {
  private readonly core: Core;
  private readonly wire: Wire;
  private readonly directory: Directory;
  private readonly histories: Histories;
  private readonly letters: Letters;
  /** Something was taken, kept or refused. */
  private readonly report: (report: Report) => void;

  constructor(
    core: Core,
    parts: { wire: Wire; directory: Directory; histories: Histories; letters: Letters },
    report: (report: Report) => void,
  ) {
    this.core = core;
    this.wire = parts.wire;
    this.directory = parts.directory;
    this.histories = parts.histories;
    this.letters = parts.letters;
    this.report = report;
  }

  /** One mail from the socket. Throws only when the browser fails to store; the site then keeps it. */
  async receive(envelope: Envelope): Promise<void> {
    const hash = envelopeHash(envelope);
    const report = await this.judge(envelope, hash);
    const done = report.outcome !== "later" || (await this.hold(envelope, hash));
    if (done) this.wire.acknowledge(hash);
    this.report(report);
  }

  /** Tries again what is kept: after connecting, and now and then. */
  async retryHeld(): Promise<void> {
    for (const { hash, raw } of await this.core.db.getAll("held")) {
      const report = await this.judge(readEnvelope(raw), hash);
      if (report.outcome === "later") continue;
      await this.core.commit({ unhold: [hash] });
      this.report(report);
    }
  }

  private async judge(envelope: Envelope, hash: string): Promise<Report> {
    const taken = { key: `${envelope.fromDevice} ${envelope.id}`, hash, until: untilOf(envelope) };
    try {
      const before = await this.core.db.get("taken", taken.key);
      if (before !== undefined) return report(before.hash === hash ? "again" : "refused", "replay");
      return await this.take(envelope, taken);
    } catch (error) {
      if (error instanceof NotNow) return report("later", error.code);
      const code = codeOf(error);
      if (code !== "signature") await this.remember(taken); // a forgery says nothing about the id it names
      return report("refused", code);
    }
  }

  private async take(envelope: Envelope, taken: TakenRow): Promise<Report> {
    if (!envelope.to.equals(this.core.self.address)) throw new ProtocolError("unknown_recipient");
    this.checkTime(envelope);
    verifyEnvelope(this.core.sodium, envelope);
    const sender = await this.senderOf(envelope);
    return this.core.serial(async () => {
      const { swarm, change } = await this.opened(envelope, sender, taken);
      try {
        await this.core.commit(change);
      } catch (error) {
        this.histories.forget(swarm);
        throw error;
      }
      return { outcome: "taken", code: null, swarm };
    });
  }

  private async senderOf(envelope: Envelope): Promise<Certificate> {
    const { self } = this.core;
    const { from, fromDevice } = envelope;
    const own = from.equals(self.address)
      ? self.row.list.devices.find(({ device }) => device === fromDevice)
      : undefined;
    const found = own ?? (await this.lookUp(from, fromDevice));
    if (found === null) throw new ProtocolError("unlisted_device", "sender");
    return found;
  }

  /** Only "nobody there" is an answer; everything else says nothing about the mail. */
  private async lookUp(from: Address, device: string): Promise<Certificate | null> {
    try {
      return await this.directory.sender(from, device);
    } catch (error) {
      const code = codeOf(error);
      if (code === "unknown_recipient") return null;
      throw new NotNow(code);
    }
  }

  /** Dated ahead may mean that our clock is behind. */
  private checkTime(envelope: Envelope): void {
    try {
      checkTime(envelope, this.core.now);
    } catch (error) {
      const code = codeOf(error);
      throw code === "clock" ? new NotNow(code) : error;
    }
  }

  private async opened(envelope: Envelope, sender: Certificate, taken: TakenRow): Promise<Effect> {
    const { sodium, self } = this.core;
    const opened = await openMail(sodium, envelope, self.device, self.dh, prekeyHolder(this.core), sender.dh);
    const letter = readLetter(opened.plaintext);
    const effect = await this.letters.effect({ envelope, sender, letter });
    const change: Change = { ...effect.change, taken, used: opened.oneTime };
    return { ...effect, change };
  }

  /** Refused for good: not to be looked at again. */
  private async remember(taken: TakenRow): Promise<void> {
    try {
      await this.core.commit({ taken });
    } catch (error) {
      if (codeOf(error) !== "replay") throw error;
    }
  }

  /**
   * Keeps a mail for later; false when there is no room, so that it stays at the own site. A site that sends many such mails loses the further ones, for it
   * must not block the others.
   */
  private async hold(envelope: Envelope, hash: string): Promise<boolean> {
    const site = String(envelope.from.site);
    const held = await this.core.db.getAll("held");
    if (held.filter((row) => row.site === site).length >= MOST_HELD_OF_SITE) return true;
    if (held.length >= MOST_HELD) return false;
    await this.core.commit({ held: [{ hash, site, raw: envelope.raw, until: untilOf(envelope) }] });
    return true;
  }
}

function untilOf({ time, ttl }: Envelope): number {
  return time + ttl * 1000;
}

function report(outcome: Taken, code: string | null): Report {
  return { outcome, code, swarm: null };
}

/** Anything without a code is the browser's failure, not the mail's. */
function codeOf(error: unknown): string {
  if (error instanceof ProtocolError || error instanceof LocalFault) return error.code;
  throw error;
}

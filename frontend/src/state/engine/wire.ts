/**
 * Envelopes to and from the own site: questions find their answers, mail and news their handlers.
 *
 * What the site says is believed only with the signature of the key that it proved in the handshake. A question that is not answered in time fails as
 * `offline` and ends the connection, which then is dialled anew.
 */

import type { Bytes } from "../../protocol/encoding.ts";
import type { Envelope } from "../../protocol/envelope.ts";
import { makeEnvelope, newId, readEnvelope, verifyEnvelope } from "../../protocol/envelope.ts";
import { isCode, ProtocolError } from "../../protocol/errors.ts";
import type { Members } from "../../protocol/schema.ts";
import type { Relay } from "../../transport/relay.ts";
import { LocalFault } from "../faults.ts";
import type { Core } from "./core.ts";

const PATIENCE = 15_000;
const LIVE_SECONDS = 300;
const GATHER = 20;
const MOST_HASHES = 500;

interface Question {
  readonly resolve: (answer: Envelope) => void;
  readonly reject: (error: Error) => void;
}

export interface Handlers {
  /** Mail and requests. */
  readonly mail: (envelope: Envelope) => void;
  readonly pair: (envelope: Envelope) => void;
  readonly presence: (envelope: Envelope) => void;
  readonly changed: (topic: string) => void;
  /** What the site says to people: `notice` and `block-state`. */
  readonly told: (envelope: Envelope) => void;
  /** An error that answers no open question: `ref` is an envelope sent earlier. */
  readonly refused: (ref: string, code: string) => void;
}

export class Wire {
  /** The site key proved in the handshake; null while not connected. */
  siteKey: string | null = null;
  private readonly core: Core;
  private readonly relay: Relay;
  private readonly handlers: Handlers;
  private readonly questions = new Map<string, Question>();
  private hashes: string[] = [];

  constructor(core: Core, relay: Relay, handlers: Handlers) {
    this.core = core;
    this.relay = relay;
    this.handlers = handlers;
  }

  /** The relay is connected, or is no more. */
  connected(siteKey: string | null): void {
    this.siteKey = siteKey;
    if (siteKey !== null) return;
    for (const { reject } of this.questions.values()) reject(new LocalFault("offline"));
    this.questions.clear();
    this.hashes = [];
  }

  /** An envelope of this device to its own site. */
  toSite(type: string, fields: Members): Promise<Envelope> {
    const { self, now, outside } = this.core;
    return makeEnvelope(
      {
        from: self.address,
        to: self.address.site,
        type,
        fields,
        fromDevice: self.device,
        toDevice: null,
        now,
        ttl: LIVE_SECONDS,
        id: newId(outside.random),
      },
      self.sign,
    );
  }

  /** Sends and forgets; false when not connected. */
  tell(raw: Bytes): boolean {
    return this.relay.send(raw);
  }

  /** Sends and waits for `accepted` or the result. Throws the code of an `error`, or `offline`. */
  ask(id: string, raw: Bytes): Promise<Envelope> {
    return new Promise((resolve, reject) => {
      const cancel = this.core.outside.after(PATIENCE, () => {
        this.settle(id)?.reject(new LocalFault("offline"));
        this.relay.fail();
      });
      this.questions.set(id, {
        resolve: (answer) => {
          cancel();
          resolve(answer);
        },
        reject: (error) => {
          cancel();
          reject(error);
        },
      });
      if (!this.relay.send(raw)) this.settle(id)?.reject(new LocalFault("offline"));
    });
  }

  private settle(id: string): Question | undefined {
    const question = this.questions.get(id);
    this.questions.delete(id);
    return question;
  }

  /** Tells the site soon, together with others, that this device holds or has refused the envelope. */
  acknowledge(hash: string): void {
    this.hashes.push(hash);
    if (this.hashes.length === 1) this.core.outside.after(GATHER, () => void this.flushHashes());
  }

  private async flushHashes(): Promise<void> {
    while (this.hashes.length > 0) {
      const hashes = this.hashes.splice(0, MOST_HASHES);
      const { raw } = await this.toSite("ack", { hashes });
      this.tell(raw);
    }
  }

  received(raw: Bytes): void {
    try {
      this.take(readEnvelope(raw));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      // a malformed or forged envelope changes nothing
    }
  }

  private take(envelope: Envelope): void {
    const { type, data } = envelope;
    if (type === "mail" || type === "request") this.handlers.mail(envelope);
    else if (type === "pair") this.handlers.pair(envelope);
    else if (type === "presence") this.handlers.presence(envelope);
    else if (type === "error") this.refused(envelope);
    else {
      this.requireOwnSite(envelope);
      if (type === "changed") this.handlers.changed(data.topic as string);
      else if (type === "notice" || type === "block-state") this.handlers.told(envelope);
      else if (type === "accepted" || type === "keys-result") {
        this.settle(data.ref as string)?.resolve(envelope);
      }
    }
  }

  /** From the own site, or from another one about mail sent there, which can only end what was sent to it. */
  private refused(envelope: Envelope): void {
    const { ref, code } = envelope.data as { ref: string | null; code: string };
    if (envelope.from.equals(this.core.self.address.site)) this.requireOwnSite(envelope);
    else verifyEnvelope(this.core.sodium, envelope);
    if (ref === null) return;
    const question = this.settle(ref);
    if (question === undefined) this.handlers.refused(ref, code);
    else question.reject(new ProtocolError(isCode(code) ? code : "refused", "told by the site"));
  }

  private requireOwnSite(envelope: Envelope): void {
    const own = envelope.from.equals(this.core.self.address.site);
    if (!own || envelope.fromDevice !== this.siteKey) throw new ProtocolError("wrong_sender");
    verifyEnvelope(this.core.sodium, envelope);
  }
}

// The ops about what travels: envelopes, handshake, pairing, sealing.
import { Address } from "../../src/protocol/addresses.ts";
import type { Bytes } from "../../src/protocol/encoding.ts";
import { fromUtf8, utf8 } from "../../src/protocol/encoding.ts";
import { checkTime, envelopeHash, readEnvelope, verifyEnvelope } from "../../src/protocol/envelope.ts";
import { TYPES } from "../../src/protocol/envelope_types.ts";
import { ClientHandshake, ServerHandshake } from "../../src/protocol/handshake.ts";
import type { Message } from "../../src/protocol/pairing.ts";
import { HolderPairing, NewcomerPairing } from "../../src/protocol/pairing.ts";
import type { DhKey, PrekeyHolder } from "../../src/protocol/ports.ts";
import { openBox, openMail, seal, sealMail } from "../../src/protocol/seal.ts";
import { parseTicket, ticketText } from "../../src/protocol/ticket.ts";
import { dhKey, givenRandom, hex, signKey, sodium, toHex } from "../support/keys.ts";
import type { Input, Op } from "./ops.ts";
import { raw } from "./ops.ts";

function prekeys(given: Input): PrekeyHolder {
  const find = (secrets: string[], wanted: string): DhKey | null =>
    secrets.map((secret) => dhKey(hex(secret))).find((key) => key.public === wanted) ?? null;
  return {
    signed: async (wanted) => find(given.signed_hex, wanted),
    oneTime: async (wanted) => find(given.one_time_hex, wanted),
  };
}

function read(given: Input) {
  const found = readEnvelope(raw(given));
  return {
    type: found.type,
    id: found.id,
    from: String(found.from),
    to: String(found.to),
    mail: TYPES.get(found.type)?.mail,
    hash: envelopeHash(found),
  };
}

async function client(given: Input) {
  const address = Address.fromWire(given.address);
  const side = new ClientHandshake(
    sodium,
    signKey(hex(given.seed_hex)),
    { role: given.role, address, origin: given.origin },
    givenRandom(given.random_hex),
    given.expected,
  );
  const sent: (Bytes | null)[] = [side.start()];
  for (const frame of given.frames) sent.push(await side.receive(utf8(frame)));
  const welcome = side.welcome && { ...side.welcome, address: String(side.welcome.address) };
  return { sent: texts(sent), server_key: side.serverKey, welcome };
}

async function server(given: Input) {
  const random = givenRandom(given.random_hex);
  const side = new ServerHandshake(sodium, signKey(hex(given.seed_hex)), given.origins, random);
  const sent: (Bytes | null)[] = [];
  for (const frame of given.frames) sent.push(await side.receive(utf8(frame)));
  if (given.welcome !== null) {
    sent.push(side.welcome({ ...given.welcome, address: Address.fromWire(given.welcome.address) }));
  }
  return { sent: texts(sent), proven: side.proven };
}

function texts(sent: readonly (Bytes | null)[]): string[] {
  return sent.flatMap((frame) => (frame === null ? [] : [fromUtf8(frame)]));
}

function messages(sent: readonly (Message | null)[]) {
  return sent.flatMap((message) => (message === null ? [] : [{ step: message[0], payload: message[1] }]));
}

function holder(given: Input) {
  const ticket = given.ticket === null ? null : parseTicket(given.ticket);
  const side = new HolderPairing(given.account, given.device, givenRandom(given.random_hex), ticket);
  const sent: (Message | null)[] = [side.start()];
  for (const { step, payload, enrol } of given.messages) {
    if (enrol === undefined) sent.push(side.receive(step, payload));
    else {
      sent.push(side.enrol(enrol.certificate, enrol.list, Address.fromWire(enrol.address), enrol.site_key));
    }
  }
  return { sent: messages(sent), code: side.code, newcomer: side.newcomer, done: side.done };
}

function newcomer(given: Input) {
  const side = new NewcomerPairing(sodium, given.newcomer, givenRandom(given.random_hex));
  const sent = given.messages.map((message: Input) => side.receive(message.step, message.payload));
  return {
    sent: messages(sent),
    code: side.code,
    account: side.enrolment?.certificate.account ?? null,
    number: side.enrolment?.list.number ?? null,
    proven: side.enrolment?.proven ?? null,
  };
}

function ticket(given: Input): string {
  const side = new NewcomerPairing(sodium, given.newcomer, givenRandom(given.random_hex));
  return ticketText(side.ticket(given.slot));
}

function sealed(given: Input) {
  const recipient = { dh: given.recipient, prekey: given.prekey, oneTime: given.one_time };
  const [plaintext, sender] = [hex(given.plaintext_hex), dhKey(hex(given.secret_hex))];
  return seal(sodium, plaintext, given.context, sender, recipient, dhKey(hex(given.random_hex)));
}

async function opened(given: Input) {
  const recipient = dhKey(hex(given.secret_hex));
  const held = prekeys(given);
  const found = await openBox(sodium, given.box, given.context, recipient, held, given.sender_dh);
  return { plaintext_hex: toHex(found.plaintext), one_time: found.oneTime };
}

function mailSealed(given: Input) {
  const random = givenRandom(given.random_hex);
  const recipients = given.recipients.map((each: Input) => ({ ...each, oneTime: each.one_time }));
  return sealMail(
    sodium,
    hex(given.letter_hex),
    given.context,
    dhKey(hex(given.secret_hex)),
    recipients,
    random,
    async () => dhKey(random.bytes(32)),
  );
}

async function mailOpened(given: Input) {
  const envelope = readEnvelope(raw(given));
  const recipient = dhKey(hex(given.secret_hex));
  const held = prekeys(given);
  const found = await openMail(sodium, envelope, given.device, recipient, held, given.sender_dh);
  return { letter_hex: toHex(found.plaintext), one_time: found.oneTime };
}

export const wireOps: Readonly<Record<string, Readonly<Record<string, Op>>>> = {
  envelope: {
    read,
    verify(given) {
      verifyEnvelope(sodium, readEnvelope(raw(given)));
      return true;
    },
    time(given) {
      checkTime(readEnvelope(raw(given)), given.now);
      return true;
    },
  },
  handshake: { client, server },
  pairing: { holder, newcomer, ticket, scan: (given) => parseTicket(given.text) },
  se1: { seal: sealed, open: opened },
  mail: { seal: mailSealed, open: mailOpened },
};

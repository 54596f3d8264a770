// What each `op` of the shared vectors does here. See tests/vectors/README.md.
import { Address, isPublic } from "../../src/protocol/addresses.ts";
import { canonical, hashBytes, LIMIT, objectId, parse } from "../../src/protocol/canonical.ts";
import type { Certificate } from "../../src/protocol/certificates.ts";
import { checkNewer, verifyCertificate, verifyDeviceList } from "../../src/protocol/certificates.ts";
import type { Comment, CommentChange } from "../../src/protocol/comments.ts";
import {
  changeHash,
  commentHash,
  verifyComment,
  verifyCommentChange,
  verifyPostedChange,
  verifyPostedComment,
} from "../../src/protocol/comments.ts";
import type { Bytes } from "../../src/protocol/encoding.ts";
import { b64decode, b64encode, fromUtf8, utf8 } from "../../src/protocol/encoding.ts";
import { ProtocolError } from "../../src/protocol/errors.ts";
import { safetyNumber } from "../../src/protocol/fingerprints.ts";
import { sign, verify } from "../../src/protocol/keys.ts";
import { makePosts, readLetter, readRequest, swarmOf, verifyAck } from "../../src/protocol/letters.ts";
import { accountSeed, phraseFromSeed, seedFromPhrase } from "../../src/protocol/phrase.ts";
import { verifyPossession } from "../../src/protocol/possession.ts";
import {
  makePost,
  type PostStatement,
  postHash,
  verifyPost,
  verifySignedPost,
} from "../../src/protocol/posts.ts";
import {
  readClaim,
  readClaimed,
  verifyKeysDocument,
  verifyOneTime,
  verifySignedPrekey,
} from "../../src/protocol/prekeys.ts";
import { verifyReset } from "../../src/protocol/reset.ts";
import { follows, verifySiteDocument } from "../../src/protocol/sites.ts";
import type { EventWire } from "../../src/protocol/swarm/events.ts";
import { eventId, readSignedEvent } from "../../src/protocol/swarm/events.ts";
import { eventsAfter } from "../../src/protocol/sync/lacking.ts";
import { WORDLIST } from "../../src/protocol/wordlist.ts";
import { dhKey, hex, signKey, sodium, toHex } from "../support/keys.ts";
import { emptyReplica, groupView, step } from "./histories.ts";
import { keyOps, listOps } from "./key-ops.ts";
import { liveOps } from "./live-ops.ts";
import { syncOps } from "./sync-ops.ts";
import { talkOps } from "./talk-ops.ts";
import { wireOps } from "./wire-ops.ts";

// biome-ignore lint/suspicious/noExplicitAny: the vectors are read as they are; a wrong member shows as a failing case
export type Input = any;
export type Op = (given: Input) => unknown;

export function raw(given: Input): Bytes {
  return "text_hex" in given ? hex(given.text_hex) : utf8(given.text);
}

const held = (given: Input): Certificate => verifyCertificate(sodium, given.certificate);

function certificate(given: Input) {
  const { account, device, dh, role, time } = verifyCertificate(sodium, given.value);
  return { account, device, dh, role, time };
}

function deviceList(given: Input) {
  const { account, number, devices, time } = verifyDeviceList(sodium, given.value);
  return { account, number, devices: [...devices.keys()], time };
}

function newer(given: Input): boolean {
  const known = given.known === null ? null : verifyDeviceList(sodium, given.known);
  return checkNewer(known, verifyDeviceList(sodium, given.new));
}

function document(given: Input) {
  const found = verifyKeysDocument(sodium, given.value, given.account);
  return {
    account: found.list.account,
    number: found.list.number,
    prekeys: Object.fromEntries([...found.prekeys].map(([device, prekey]) => [device, prekey.key])),
    revoked: [...found.revocations.keys()],
    freshness: found.freshness?.time ?? null,
  };
}

function site(given: Input) {
  const { address, key, dh, time } = verifySiteDocument(sodium, given.value);
  return { address: String(address), key, dh, time };
}

function followed({ value, known }: Input) {
  return follows(sodium, verifySiteDocument(sodium, value), known);
}

function possession({ value, list, address, now }: Input) {
  return verifyPossession(sodium, value, verifyDeviceList(sodium, list), Address.fromWire(address), now);
}

function reset({ value }: Input) {
  const { account, address, expires, factors, nonce } = verifyReset(sodium, value);
  return { account, address: String(Address.fromWire(address)), expires, factors, nonce };
}

function change(found: CommentChange) {
  const author = String(Address.fromWire(found.author));
  return { hash: changeHash(found), author, comment: found.comment };
}

function comment(found: Comment) {
  return { hash: commentHash(found), author: String(Address.fromWire(found.author)) };
}

function post(found: PostStatement) {
  const attachments = found.attachments?.map(({ hash }) => hash) ?? null;
  const { id, number } = found;
  return { hash: postHash(found), id, number, deleted: found.text === null, attachments };
}

function letter(given: Input) {
  const found = readLetter(raw(given));
  return { kind: found.kind, swarm: swarmOf(found) ?? "" };
}

function posts(given: Input): string[] {
  return makePosts(given.post, given.certificate).map((each) => hashBytes("letter", each));
}

function request(given: Input): string {
  const found = readLetter(raw(given));
  if (found.kind !== "request") throw new ProtocolError("schema");
  return readRequest(sodium, found).id;
}

function ack(given: Input) {
  const { swarm, account, device, heads } = verifyAck(sodium, given.value, held(given));
  return { swarm, account, device, heads };
}

function event(given: Input) {
  const { id, swarm, kind } = readSignedEvent(sodium, given.value);
  return { id, swarm, kind };
}

function history(given: Input) {
  const replica = emptyReplica(given.swarm);
  const steps = given.events.map((signed: unknown) => step(replica, signed));
  const state = replica.heads.length === 0 ? null : replica.state;
  return {
    steps,
    heads: replica.heads,
    missing: replica.missing(),
    members: [...(state?.members ?? [])].sort(),
    devices: [...(state?.devices ?? [])].sort().map((pair) => pair.split(" ")),
    order: replica.displayOrder().map(({ id }) => id),
  };
}

function group(given: Input) {
  const replica = emptyReplica(given.swarm);
  const steps = given.events.map((signed: unknown) => step(replica, signed));
  return { steps, ...groupView(replica) };
}

function accountOfPhrase(text: string, account: string | null): string {
  const seed = accountSeed(text, WORDLIST, account, (found) => signKey(found).public);
  return signKey(seed).public;
}

function lacking(given: Input) {
  const replica = emptyReplica();
  for (const signed of given.events) replica.add(signed);
  return eventsAfter(replica.store, given.heads).map(({ id }) => id);
}

export const OPS: Readonly<Record<string, Readonly<Record<string, Op>>>> = {
  canonical: {
    parse: (given) => parse(raw(given), given.limit ?? LIMIT),
    write: (given) => fromUtf8(canonical(given.value)),
    id: (given) => objectId(given.what, given.value),
  },
  encoding: {
    encode: (given) => b64encode(hex(given.data_hex)),
    decode: (given) => toHex(b64decode(given.text, given.length)),
  },
  address: {
    wire(given) {
      const address = Address.fromWire(given.value);
      return {
        text: String(address),
        secure_origin: address.origin(true),
        plain_origin: address.origin(false),
      };
    },
    parse: (given) => Address.parse(given.text).wire(),
    public: (given) => isPublic(given.ip),
  },
  keys: {
    public: (given) => signKey(hex(given.seed_hex)).public,
    sign: (given) => sign(given.what, given.value, signKey(hex(given.seed_hex))),
    verify(given) {
      verify(sodium, given.what, given.value, given.public);
      return true;
    },
    "dh-public": (given) => dhKey(hex(given.secret_hex)).public,
    agree: async (given) => toHex(await dhKey(hex(given.secret_hex)).agree(given.public)),
  },
  certificate: { verify: certificate },
  "device-list": { verify: deviceList, newer, ...listOps },
  prekey: {
    signed: (given) => verifySignedPrekey(sodium, given.value, held(given)).key,
    "one-time": (given) => verifyOneTime(sodium, given.value, held(given)).keys,
    document,
    claim: (given) => readClaim(given.value),
    claimed: (given) => Object.fromEntries(readClaimed(given.value)),
  },
  site: { verify: site, follows: followed },
  post: {
    make: (given) => makePost(given.account, signKey(hex(given.seed_hex)), given.draft, given.now),
    verify: (given) => post(verifyPost(sodium, given.value, held(given))),
    signed: (given) => post(verifySignedPost(sodium, given.value)),
  },
  comment: {
    verify: (given) => comment(verifyComment(sodium, given.value, held(given))),
    posted: (given) => comment(verifyPostedComment(sodium, given.value)),
    change: (given) => change(verifyCommentChange(sodium, given.value, held(given))),
    "posted-change": (given) => change(verifyPostedChange(sodium, given.value)),
  },
  phrase: {
    words: (given) => phraseFromSeed(hex(given.seed_hex), WORDLIST),
    seed: (given) => toHex(seedFromPhrase(given.text, WORDLIST)),
    account: (given) => accountOfPhrase(given.text, given.account),
  },
  possession: { verify: possession },
  reset: { verify: reset },
  "safety-number": { number: (given) => safetyNumber(given.a, given.b) },
  letter: { read: letter, posts, request, ack },
  event: { read: event, id: (given) => eventId(given.event as EventWire) },
  groups: { history: group },
  replica: { history, lacking },
  ...talkOps,
  ...syncOps,
  ...keyOps,
  ...liveOps,
  ...wireOps,
};

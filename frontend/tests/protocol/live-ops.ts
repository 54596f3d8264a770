// The ops about two devices that are connected: live sessions and signed fingerprints.
import { verifyCertificate } from "../../src/protocol/certificates.ts";
import { ProtocolError } from "../../src/protocol/errors.ts";
import {
  checkSdp,
  makeFingerprints,
  sdpFingerprints,
  verifyFingerprints,
} from "../../src/protocol/fingerprints.ts";
import type { LiveSession } from "../../src/protocol/live.ts";
import { answerHello, Opening, SeenSessions, verifyHello } from "../../src/protocol/live.ts";
import { givenRandom, hex, signKey, sodium, toHex } from "../support/keys.ts";
import type { Input, Op } from "./ops.ts";

function readHello(given: Input) {
  const certificate = verifyCertificate(sodium, given.certificate);
  return verifyHello(sodium, given.value, certificate, given.own, given.now);
}

function hello(given: Input) {
  const { session, ephemeral, answers } = readHello(given);
  return { session, ephemeral, answers };
}

/** What it gives, or its code. */
function attempt<T>(run: () => T): T | { error: string } {
  try {
    return run();
  } catch (error) {
    if (error instanceof ProtocolError) return { error: error.code };
    throw error;
  }
}

function seen(given: Input) {
  const sessions = new SeenSessions();
  return given.hellos.map((each: Input) => {
    const outcome = attempt(() => {
      sessions.take(readHello(each), each.now);
      return null;
    });
    return outcome?.error ?? null;
  });
}

function step(session: LiveSession, { send, last, receive }: Input) {
  return attempt(() => {
    if (send !== undefined) return toHex(session.send(hex(send), last));
    if (receive !== undefined) return toHex(session.receive(hex(receive)));
    session.close();
    return true;
  });
}

async function open(given: Input) {
  const peer = verifyCertificate(sodium, given.certificate);
  const random = givenRandom(given.random_hex);
  const key = signKey(hex(given.seed_hex));
  const opening = await Opening.begin(sodium, given.account, key, peer, given.now, random);
  if (given.answer === null) return { hello: opening.hello, steps: [] };
  const session = opening.finish(given.answer, given.answer_now);
  return { hello: opening.hello, steps: given.steps.map((each: Input) => step(session, each)) };
}

async function answer(given: Input) {
  const key = signKey(hex(given.seed_hex));
  const certificate = verifyCertificate(sodium, given.certificate);
  const found = verifyHello(sodium, given.hello, certificate, key.public, given.now);
  const random = givenRandom(given.random_hex);
  const made = await answerHello(sodium, found, given.account, key, given.now, random);
  return { answer: made.answer, steps: given.steps.map((each: Input) => step(made.session, each)) };
}

function verified(given: Input) {
  const certificate = verifyCertificate(sodium, given.certificate);
  return verifyFingerprints(sodium, given.value, certificate, given.own, given.session, given.now);
}

export const liveOps: Readonly<Record<string, Readonly<Record<string, Op>>>> = {
  live: { hello, seen, open, answer },
  fingerprints: {
    sdp: (given) => sdpFingerprints(given.sdp),
    make: ({ account, seed_hex, peer, session, fingerprints, now }) =>
      makeFingerprints(account, signKey(hex(seed_hex)), { peer, session, fingerprints }, now),
    verify: (given) => verified(given).fingerprints,
    check(given) {
      checkSdp(given.sdp, verified(given));
      return true;
    },
  },
};

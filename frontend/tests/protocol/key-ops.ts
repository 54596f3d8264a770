// The ops about what is known of an account: revocations, freshness, new lists, moves.
import { Address } from "../../src/protocol/addresses.ts";
import { verifyCertificate, verifyDeviceList } from "../../src/protocol/certificates.ts";
import { makeFreshness, verifyFreshness } from "../../src/protocol/freshness.ts";
import type { KeyKnowledge } from "../../src/protocol/knowledge.ts";
import { activeDevices, age, learn, statementDue } from "../../src/protocol/knowledge.ts";
import {
  askBeacons,
  latestMove,
  latestProfile,
  makeMove,
  makeProfile,
  verifyMove,
  verifyProfile,
} from "../../src/protocol/moves.ts";
import { recipients, verifyKeysDocument } from "../../src/protocol/prekeys.ts";
import { listWith, listWithout, rebuild } from "../../src/protocol/relisting.ts";
import {
  revocationsHash,
  unite,
  verifyRevocation,
  verifyRevocations,
} from "../../src/protocol/revocations.ts";
import { drained, erasableUntil, isDormant, rotationDue, stockWanted } from "../../src/protocol/rotation.ts";
import { hex, signKey, sodium } from "../support/keys.ts";
import type { Input, Op } from "./ops.ts";

function knowledge(given: Input): KeyKnowledge {
  const list = verifyDeviceList(sodium, given.list);
  const revocations = verifyRevocations(sodium, given.revocations, list.account);
  const freshness = given.freshness === null ? null : verifyFreshness(sodium, given.freshness, list);
  return { list, revocations, freshness };
}

function learned(given: Input) {
  const known = given.known === null ? null : knowledge(given.known);
  const { knowledge: found, alarms } = learn(known, knowledge(given.served));
  return {
    number: found.list.number,
    devices: [...activeDevices(found).keys()],
    revoked: [...found.revocations.keys()],
    freshness: found.freshness?.time ?? null,
    alarms,
  };
}

function united(given: Input) {
  const [first, second] = [given.first, given.second].map((each) =>
    verifyRevocations(sodium, each, given.account),
  );
  return first && second ? [...unite(first, second).values()] : null;
}

async function rebuilt(given: Input) {
  const keep = given.keep.map((each: Input) => verifyCertificate(sodium, each));
  const key = signKey(hex(given.seed_hex));
  const { list, revocations } = await rebuild(key, given.found.map(knowledge), keep, given.now);
  return { list, revocations: [...revocations.values()] };
}

export const listOps: Readonly<Record<string, Op>> = {
  with: (given) => listWith(signKey(hex(given.seed_hex)), given.list, given.certificate, given.now),
  without: (given) => listWithout(signKey(hex(given.seed_hex)), given.list, given.device, given.now),
  rebuild: rebuilt,
};

const moveOps: Readonly<Record<string, Op>> = {
  make: (given) =>
    makeMove(signKey(hex(given.seed_hex)), given.number, Address.fromWire(given.address), given.now),
  verify(given) {
    const { account, number, address } = verifyMove(sodium, given.value, given.account);
    return { account, number, address: String(Address.fromWire(address)) };
  },
  "profile-make": (given) =>
    makeProfile(
      given.account,
      signKey(hex(given.seed_hex)),
      {
        number: given.number,
        address: Address.fromWire(given.address),
        name: given.name,
        beacons: given.beacons.map((each: Input) => Address.fromWire(each)),
      },
      given.now,
    ),
  profile(given) {
    const found = verifyProfile(sodium, given.value, verifyCertificate(sodium, given.certificate));
    const { account, number, name } = found;
    const [address, ...beacons] = [found.address, ...found.beacons].map((each) =>
      String(Address.fromWire(each)),
    );
    return { account, number, address, name, beacons };
  },
  latest: (given) =>
    latestMove(given.known && verifyMove(sodium, given.known), verifyMove(sodium, given.found)),
  "latest-profile"(given) {
    const certificate = verifyCertificate(sodium, given.certificate);
    const read = (value: Input) => verifyProfile(sodium, value, certificate);
    return latestProfile(given.known && read(given.known), read(given.found));
  },
  ask: (given) => askBeacons(given.failing_since, given.now),
};

function toRecipients(given: Input) {
  const document = verifyKeysDocument(sodium, given.document);
  const oneTime = new Map<string, string | null>(Object.entries(given.one_time));
  const found = recipients(document, document.prekeys, oneTime, given.now);
  return found.map(({ oneTime: one_time, ...rest }) => ({ ...rest, one_time }));
}

const rotationOps: Readonly<Record<string, Op>> = {
  due: (given) => rotationDue(given.made, given.now),
  drained: (given) => drained(given.connected, given.last_mail, given.unopened, given.now),
  erasable: (given) => erasableUntil(given.drained_at, given.now),
  dormant: (given) => isDormant(given.made, given.now),
  stock: (given) => stockWanted(given.left),
  recipients: toRecipients,
};

export const keyOps: Readonly<Record<string, Readonly<Record<string, Op>>>> = {
  revocation: {
    verify(given) {
      const { account, device } = verifyRevocation(sodium, given.value);
      return [account, device];
    },
    set: (given) => [...verifyRevocations(sodium, given.value, given.account).keys()],
    unite: united,
    hash: (given) => revocationsHash(given.account, given.devices),
  },
  move: moveOps,
  rotation: rotationOps,
  freshness: {
    make: (given) =>
      makeFreshness(
        signKey(hex(given.seed_hex)),
        verifyDeviceList(sodium, given.list),
        given.revoked,
        given.now,
      ),
    verify(given) {
      const { number, device, revoked, time } = verifyFreshness(
        sodium,
        given.value,
        verifyDeviceList(sodium, given.list),
      );
      return { number, device, revoked, time };
    },
    learn: learned,
    age: (given) => age(knowledge(given.known), given.now),
    due: (given) => statementDue(knowledge(given.known), given.now),
  },
};

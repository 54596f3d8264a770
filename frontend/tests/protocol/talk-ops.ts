// The ops about what a conversation holds and how it lives.
import { concat } from "../../src/protocol/encoding.ts";
import { ProtocolError } from "../../src/protocol/errors.ts";
import { heed, mayBeInvited, mayFetch, takenBack } from "../../src/protocol/swarm/announce.ts";
import { Calls, hostOf } from "../../src/protocol/swarm/calls.ts";
import { catchUp, NOTHING_DISPLAYED, tell } from "../../src/protocol/swarm/displayed.ts";
import { isWhole, Sha3Sum } from "../../src/protocol/swarm/files.ts";
import type { Life, Turn } from "../../src/protocol/swarm/life.ts";
import * as life from "../../src/protocol/swarm/life.ts";
import { Preferences } from "../../src/protocol/swarm/preferences.ts";
import { Callers, Company } from "../../src/protocol/swarm/presence.ts";
import { Requests } from "../../src/protocol/swarm/requests.ts";
import type { Place } from "../../src/protocol/swarm/state.ts";
import { Typers, Typist } from "../../src/protocol/swarm/typers.ts";
import { View } from "../../src/protocol/swarm/view.ts";
import { hex } from "../support/keys.ts";
import { emptyReplica } from "./histories.ts";
import type { Input, Op } from "./ops.ts";

function sum(given: Input) {
  const chunks = given.chunks_hex.map(hex);
  const digest = new Sha3Sum();
  for (const chunk of chunks) digest.update(chunk);
  const found = digest.finish();
  return { sum: found, whole: isWhole(given.body, concat(...chunks).length, found) };
}

function calls(given: Input) {
  const replica = emptyReplica();
  for (const signed of given.events) replica.add(signed);
  if (replica.heads.length === 0) return { calls: [], running: null, host: null };
  const told = new Calls();
  told.take(replica.displayOrder());
  const mark = replica.mark.bind(replica);
  return {
    calls: told.all(replica.state, mark),
    running: told.running(replica.state, mark)?.id ?? null,
    host: hostOf(given.hosts, replica.state),
  };
}

/** What is shown of events given in this order; the view follows each. */
function lines(given: Input) {
  const replica = emptyReplica();
  const view = new View(replica);
  for (const signed of given.events) {
    const outcome = replica.add(signed);
    if (outcome.kind === "added") view.take(outcome.events);
  }
  return view.lines().map((line) => ({ ...line, event: line.event.id }));
}

function displayed(given: Input) {
  const here = new Map<string, Place>();
  const where = (id: string) => here.get(id) ?? null;
  let known = NOTHING_DISPLAYED;
  return given.steps.map((step: Input) => {
    if ("comes" in step) {
      here.set(step.comes, [step.depth, step.comes]);
      known = catchUp(known, where);
    } else {
      known = tell(known, step.told, where);
    }
    return known;
  });
}

function preferences(given: Input) {
  const devices = new Map<string, Preferences>(
    given.devices.map((name: string) => [name, new Preferences()]),
  );
  const of = (name: string) => devices.get(name) ?? new Preferences();
  const steps = given.steps.map(({ by, write, hears }: Input) =>
    write === undefined ? of(by).merge(of(hears).entries) : of(by).write(by, write),
  );
  return { steps, values: Object.fromEntries([...devices].map(([name, own]) => [name, own.values])) };
}

function typing(given: Input) {
  const [typist, typers] = [new Typist(), new Typers()];
  return given.steps.map((step: Input) => {
    if (step.op === "typed") return typist.typed(step.now);
    if (step.op === "stopped") return typist.stopped(step.now);
    if (step.op === "heard") typers.heard(step.account, step.device, step.typing, step.now);
    if (step.op === "said") typers.said(step.account, step.device);
    if (step.op === "drop") typers.drop(step.account);
    return typers.accounts(step.now);
  });
}

function presence(given: Input) {
  const [callers, company] = [new Callers(), new Company()];
  return given.steps.map((step: Input) => {
    if (step.op === "asks") return callers.asks(step.device, step.now);
    if (step.op === "heard") company.heard(step.account, step.device, step.here, step.said, step.now);
    return company.accounts(step.now);
  });
}

function requests(given: Input) {
  const held = new Requests(given.account);
  return given.steps.map((step: Input) => dealing(held, step));
}

function dealing(held: Requests, step: Input) {
  if (step.op === "receive") {
    const { sender, ...said } = step.request;
    const unsaid = { invite: null, title: null, description: null, avatar: null };
    return held.receive({ from: sender, ...unsaid, ...said });
  }
  if (step.op === "accept" || step.op === "decline") return answered(held, step);
  if (step.op === "closed") return held.closed(step.swarm);
  if (step.op === "returned") return held.returned(step.account, step.now);
  if (step.op === "put") return held.put(step.account, step.standing, step.device);
  if (step.op === "merge") return [...held.merge(step.entries)].sort();
  if (step.op === "heard-declined") held.heardDeclined(step.swarm, step.invite);
  if (step.op === "opened") held.opened(step.swarm);
  if (step.op === "withdrawn") held.withdrawn(step.swarm, step.invite, step.sender);
  if (step.op === "asked") held.asked(step.swarm, step.whom, step.now);
  if (step.op === "wanted") held.wanted(step.swarm, step.whom);
  return { pending: held.pending.map(({ id }) => id), contacts: held.contacts };
}

/** What clients are told of the request. */
function answered(held: Requests, step: Input) {
  try {
    const { invite: _, ...said } = step.op === "accept" ? held.accept(step.swarm) : held.decline(step.swarm);
    return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null));
  } catch (error) {
    if (error instanceof ProtocolError) return { error: error.code };
    throw error;
  }
}

function lives(given: Input) {
  let now: Life = { stage: given.stage, leave: null };
  return given.steps.map((step: Input) => {
    const turn = turned(now, step);
    now = turn.life;
    return { ...turn.life, deeds: turn.deeds };
  });
}

function turned(now: Life, step: Input): Turn {
  const still = (after: Life): Turn => ({ life: after, deeds: [] });
  switch (step.op) {
    case "remove":
      return life.remove(now, step.others);
    case "left":
      return still(life.left(now, step.event));
    case "held-by":
      return life.heldBy(now, step.device, step.own, step.covered);
    case "told-erased":
      return life.toldErased(now);
    case "told-removed":
      return still(life.toldRemoved(now));
    case "refused":
      return still(life.refused(now));
    case "found":
      return { life: now, deeds: life.found(now) };
    default:
      return still(life.synced(now));
  }
}

function replicaOf(events: readonly unknown[]) {
  const replica = emptyReplica();
  for (const signed of events) replica.add(signed);
  return replica;
}

function announce(given: Input) {
  const { step, passOn } = heed(given.facts);
  return { step, pass_on: passOn };
}

function wanted(given: Input) {
  const { state } = replicaOf(given.events);
  return given.accounts.map((account: string) => mayBeInvited(state, account));
}

function fetch(given: Input) {
  const { state } = replicaOf(given.events);
  return given.accounts.map((account: string) => mayFetch(state, given.own, account));
}

function taken(given: Input) {
  const after = replicaOf([...given.events, ...given.then]);
  return takenBack(replicaOf(given.events).state, after.state);
}

export const talkOps: Readonly<Record<string, Readonly<Record<string, Op>>>> = {
  content: { sum, calls, lines },
  dealings: { requests, life: lives, announce, wanted, fetch, "taken-back": taken },
  beside: { displayed, preferences, typing, presence },
};

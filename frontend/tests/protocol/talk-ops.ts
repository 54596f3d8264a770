// The ops about what a conversation holds and how it lives.
import { concat } from "../../src/protocol/encoding.ts";
import { Calls, hostOf } from "../../src/protocol/swarm/calls.ts";
import { isWhole, Sha3Sum } from "../../src/protocol/swarm/files.ts";
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

export const talkOps: Readonly<Record<string, Readonly<Record<string, Op>>>> = {
  content: { sum, calls, lines },
};

/** What any tab may ask of the one that leads, by name: plain data in, plain data out. */

import { LocalFault } from "../faults.ts";
import type { SignedPost } from "../views.ts";
import type { Leader } from "./leader.ts";

const COMMANDS = {
  reconnect: async (leader: Leader) => leader.reconnect(),
  open: (leader: Leader, address: string, name: string | null) => leader.talk.open(address, name),
  accept: (leader: Leader, swarm: string) => leader.accept(swarm),
  decline: (leader: Leader, swarm: string) => leader.talk.decline(swarm),
  send: (leader: Leader, swarm: string, text: string, replyTo: string | null) =>
    leader.talk.send(swarm, text, replyTo),
  edit: (leader: Leader, swarm: string, message: string, text: string) =>
    leader.talk.edit(swarm, message, text),
  remove: (leader: Leader, swarm: string, events: readonly string[]) => leader.talk.remove(swarm, events),
  react: (leader: Leader, swarm: string, message: string, emoji: string) =>
    leader.talk.react(swarm, message, emoji),
  retry: (leader: Leader, message: string) => leader.talk.retry(message),
  markRead: (leader: Leader, swarm: string) => leader.talk.markRead(swarm),
  keepPost: (leader: Leader, signed: SignedPost) => leader.keepPost(signed),
  acceptNewKey: (leader: Leader, address: string) => leader.acceptNewKey(address),
  refreshVaults: (leader: Leader) => leader.pairing.refresh(),
  pair: (leader: Leader, slot: string) => leader.pairing.start(slot),
  confirmPairing: (leader: Leader) => leader.pairing.confirm(),
  pairByTicket: (leader: Leader, text: string) => leader.pairing.scan(text),
  revoke: (leader: Leader, device: string) => leader.own.revoke(device),
  lightChanged: (leader: Leader) => leader.presence.lightChanged(),
  hideFrom: (leader: Leader, address: string) => leader.presence.hideFrom(address),
  abortPairing: (leader: Leader) => leader.pairing.abort(),
};

export type Command = keyof typeof COMMANDS;

/** Throws `other_tab` for a name that this version does not know. */
export function runCommand(leader: Leader, method: string, args: readonly unknown[]): Promise<unknown> {
  if (!Object.hasOwn(COMMANDS, method)) throw new LocalFault("other_tab");
  return COMMANDS[method as Command](leader, ...(args as [never, never, never]));
}

/** Puts the private side together for the member who signed in, with the browser as its outside. */

import type { Random } from "../../protocol/ports.ts";
import { browserRandom } from "../../storage/webcrypto.ts";
import { browserAfter, browserDial } from "../../transport/socket.ts";
import type { Member } from "../engine.ts";
import { engine } from "../engine.ts";
import type { Channel, Lock, Outside } from "./outside.ts";
import { site } from "./site.ts";
import { loadSodium } from "./sodium.ts";
import { TabEngine } from "./tab.ts";

const random: Random = browserRandom;

const lock: Lock = async (name, whileHeld) => {
  await navigator.locks.request(name, () => whileHeld());
};

function channel(name: string): Channel {
  const broadcast = new BroadcastChannel(name);
  const port: Channel = {
    post: (message) => broadcast.postMessage(message),
    received: () => {},
    close: () => broadcast.close(),
  };
  broadcast.onmessage = ({ data }) => port.received(data);
  return port;
}

function browser(): Outside {
  const { origin } = globalThis.location;
  return {
    clock: { now: () => Date.now() },
    random,
    after: browserAfter,
    sodium: loadSodium,
    site,
    dial: browserDial,
    socket: `${origin.replace(/^http/, "ws")}/signaling/socket`,
    origin,
    lock,
    channel,
    async persist() {
      await navigator.storage?.persist?.();
    },
  };
}

globalThis.addEventListener("pagehide", () => engine.value?.leave());

/** Makes the engine of this member the current one. It starts by itself; what goes wrong shows in its `identity`. */
export async function startEngine(member: Member): Promise<void> {
  const before = engine.value;
  const fresh = new TabEngine(member, browser());
  engine.value = fresh;
  await before?.stop();
  await fresh.start();
}

// The connection: proof of keys, five tries ten seconds apart, and when it does not try at all.
import { beforeEach, expect, test } from "vitest";
import { Address } from "../../src/protocol/addresses.ts";
import { fromUtf8, utf8 } from "../../src/protocol/encoding.ts";
import { ClientHandshake, ServerHandshake } from "../../src/protocol/handshake.ts";
import type { RelayState } from "../../src/transport/relay.ts";
import { Relay } from "../../src/transport/relay.ts";
import type { Socket } from "../../src/transport/socket.ts";
import { newSignKey, sodium, systemRandom } from "../support/keys.ts";

const ORIGIN = "http://localhost:8001";
const ADDRESS = Address.parse("@alice@localhost:8001");

/** A clock that moves when told. */
class Timers {
  private now = 0;
  private timers: { at: number; run: () => void }[] = [];

  after = (milliseconds: number, run: () => void) => {
    const timer = { at: this.now + milliseconds, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((each) => each !== timer);
    };
  };

  pass(milliseconds: number): void {
    const until = this.now + milliseconds;
    for (;;) {
      const [next] = this.timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.now = next.at;
      this.timers = this.timers.filter((each) => each !== next);
      next.run();
    }
    this.now = until;
  }
}

const device = newSignKey();
const siteKey = newSignKey();
let timers: Timers;
let sockets: (Socket & { sent: string[]; ended: boolean; closing: boolean })[];
let states: RelayState[];
let received: string[];
let expected: string | null;
let relay: Relay;

beforeEach(() => {
  timers = new Timers();
  [sockets, states, received, expected] = [[], [], [], null];
  relay = new Relay({
    url: "ws://memory",
    after: timers.after,
    dial: () => {
      const socket = {
        sent: [] as string[],
        ended: false,
        closing: false,
        opened: () => {},
        received: (_: string) => {},
        closed: (_: number) => {},
        send: (text: string) => !socket.closing && socket.sent.push(text) > 0,
        close: () => {
          socket.ended = true;
        },
      };
      sockets.push(socket);
      return socket;
    },
    handshake: () => {
      const who = { role: "device" as const, address: ADDRESS, origin: ORIGIN };
      return new ClientHandshake(sodium, device, who, systemRandom, expected);
    },
    changed: (state) => states.push(state),
    received: (raw) => received.push(fromUtf8(raw)),
  });
});

const last = () => states.at(-1);
const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/** The site's side of the newest socket, up to the welcome. */
async function welcome(): Promise<void> {
  const socket = sockets.at(-1);
  if (socket === undefined) throw new Error("nothing was dialled");
  const server = new ServerHandshake(sodium, siteKey, [ORIGIN], systemRandom);
  socket.opened();
  const challenge = await server.receive(utf8(socket.sent[0] ?? ""));
  socket.received(fromUtf8(challenge ?? utf8("")));
  await turn();
  if (socket.sent[1] === undefined) return;
  await server.receive(utf8(socket.sent[1]));
  const said = server.welcome({ address: ADDRESS, capabilities: [], limits: {}, slot: null });
  socket.received(fromUtf8(said));
  await turn();
}

test("it opens once both sides have proved their keys, and hands envelopes over", async () => {
  relay.start();
  expect(last()).toEqual({ phase: "connecting", attempt: 0, fault: null });
  expect(relay.send(utf8("early"))).toBe(false);
  await welcome();
  expect(last()).toMatchObject({ phase: "open", siteKey: siteKey.public });
  expect(relay.send(utf8("out"))).toBe(true);
  expect(sockets[0]?.sent.at(-1)).toBe("out");
  sockets[0]?.received("in");
  expect(received).toEqual(["in"]);
});

test("nothing is handed to a connection that is closing", async () => {
  relay.start();
  await welcome();
  const [socket] = sockets;
  if (socket === undefined) throw new Error("nothing was dialled");
  socket.closing = true;
  expect(relay.send(utf8("late"))).toBe(false);
});

test("after a loss it tries five times, ten seconds apart, then rests until asked", async () => {
  relay.start();
  await welcome();
  sockets[0]?.closed(1006);
  for (const attempt of [1, 2, 3, 4, 5]) {
    expect(last()).toMatchObject({ phase: "waiting", attempt, fault: "offline" });
    timers.pass(9_999);
    expect(sockets).toHaveLength(attempt);
    timers.pass(1);
    expect(sockets).toHaveLength(attempt + 1);
    sockets.at(-1)?.closed(1006);
    await turn();
  }
  expect(last()).toEqual({ phase: "rest", fault: "offline" });
  timers.pass(3_600_000);
  expect(sockets).toHaveLength(6);
  relay.start();
  await welcome();
  expect(last()).toMatchObject({ phase: "open" });
});

test("a connection that held for a while has five fresh tries; one that breaks at once has not", async () => {
  relay.start();
  await welcome();
  sockets[0]?.closed(1006);
  timers.pass(10_000);
  await welcome();
  sockets[1]?.closed(1006);
  expect(last()).toMatchObject({ attempt: 2 });
  timers.pass(10_000);
  await welcome();
  timers.pass(10_000);
  sockets[2]?.closed(1006);
  expect(last()).toMatchObject({ attempt: 1 });
});

test("it does not try where trying cannot help", async () => {
  relay.start();
  sockets[0]?.opened();
  sockets[0]?.received('{"data":{"code":"refused","message":""},"type":"error"}');
  await turn();
  expect(last()).toEqual({ phase: "rest", fault: "refused" });
  relay.start();
  await welcome();
  sockets[1]?.closed(4409);
  expect(last()).toEqual({ phase: "rest", fault: "replaced" });
  expected = newSignKey().public;
  relay.start();
  await welcome();
  expect(last()).toEqual({ phase: "rest", fault: "site_key" });
  timers.pass(60_000);
  expect(sockets).toHaveLength(3);
});

test("a site that says nothing within ten seconds is given up", async () => {
  relay.start();
  timers.pass(10_000);
  expect(last()).toMatchObject({ phase: "waiting", attempt: 1, fault: "offline" });
  expect(sockets[0]?.ended).toBe(true);
});

test("nothing comes from a socket that was left", async () => {
  relay.start();
  await welcome();
  relay.stop();
  expect(sockets[0]?.ended).toBe(true);
  sockets[0]?.received("late");
  sockets[0]?.closed(1006);
  expect(received).toEqual([]);
  expect(last()).toEqual({ phase: "rest", fault: null });
});

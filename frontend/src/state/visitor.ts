/**
 * A browser on a public page (SPEC 4.10): makes its keys once a session, proves them, and shows the light.
 *
 * Promise: without a session of the site's the keys are erased before new ones are made. Of several tabs one is connected; the others show what it
 * shows, and one of them takes over when it goes.
 */

import { type ReadonlySignal, signal } from "@preact/signals";
import { beginAsVisitor, getVisitor } from "../api/visitor.ts";
import { Address } from "../protocol/addresses.ts";
import { makeCertificate } from "../protocol/certificates.ts";
import { readEnvelope, verifyEnvelopeBy } from "../protocol/envelope.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { ClientHandshake } from "../protocol/handshake.ts";
import type { SignKey } from "../protocol/ports.ts";
import { keepVisitor, loadVisitor } from "../storage/visitor.ts";
import { browserRandom, newDhHandle, newSignHandle, signKey, webVerifier } from "../storage/webcrypto.ts";
import { Relay, type RelayState } from "../transport/relay.ts";
import { browserAfter, browserDial } from "../transport/socket.ts";
import { DARK, lightAfter, lightTold } from "./engine/light.ts";
import type { ConnectionView } from "./views.ts";

const NAME = "porchlight-visitor";

type Message = { readonly view: ConnectionView } | "reconnect" | "hello";

interface Who {
  readonly address: Address;
  readonly sign: SignKey;
}

const view = signal<ConnectionView>(DARK);
export const visitorConnection: ReadonlySignal<ConnectionView> = view;

let relay: Relay | null = null;
let siteKey: string | null = null;
let channel: BroadcastChannel | null = null;

function post(message: Message): void {
  channel?.postMessage(message);
}

function show(next: ConnectionView): void {
  view.value = next;
  post({ view: next });
}

/** Begins in this tab, or waits behind the one that is connected. `facts` is what the browser says about itself. */
export function visit(facts: string): void {
  channel = new BroadcastChannel(NAME);
  channel.onmessage = ({ data }: MessageEvent<Message>) => heard(data);
  post("hello");
  void navigator.locks.request(NAME, async () => {
    await lead(facts);
    await new Promise<never>(() => {}); // until the page goes
  });
}

function heard(message: Message): void {
  if (message === "reconnect") relay?.start();
  else if (message === "hello") {
    if (relay !== null) post({ view: view.value });
  } else if (relay === null) view.value = message.view;
}

/** Tries again now, with five fresh tries to follow. */
export function reconnectVisitor(): void {
  if (relay !== null) relay.start();
  else post("reconnect");
}

async function lead(facts: string): Promise<void> {
  show({ ...view.value, light: "yellow", since: Date.now() });
  let who: Who;
  try {
    who = await identify(facts);
  } catch (error) {
    const fault = error instanceof Error && "code" in error ? String(error.code) : "offline";
    show(lightAfter(view.value, { phase: "rest", fault: null }, Date.now()));
    show({ ...view.value, fault });
    return;
  }
  const { origin } = globalThis.location;
  relay = new Relay({
    url: `${origin.replace(/^http/, "ws")}/signaling/socket`,
    dial: browserDial,
    after: browserAfter,
    handshake: () =>
      new ClientHandshake(
        webVerifier,
        who.sign,
        { role: "device", address: who.address, origin },
        browserRandom,
      ),
    changed: moved,
    received: (raw) => void take(raw).catch(ignoreMalformed),
  });
  relay.start();
}

function moved(state: RelayState): void {
  siteKey = state.phase === "open" ? state.siteKey : null;
  show(lightAfter(view.value, state, Date.now()));
}

/** Only the own site's word counts, signed with the key that it proved. */
async function take(raw: Uint8Array<ArrayBuffer>): Promise<void> {
  const envelope = readEnvelope(raw);
  if (envelope.from.username !== "" || envelope.fromDevice !== siteKey) return;
  await verifyEnvelopeBy(webVerifier, envelope);
  const next = lightTold(view.value, envelope, Date.now());
  if (next !== view.value) show(next);
}

function ignoreMalformed(error: unknown): void {
  if (!(error instanceof ProtocolError)) throw error;
}

async function identify(facts: string): Promise<Who> {
  const [{ visitor }, keys] = await Promise.all([getVisitor(), loadVisitor()]);
  if (visitor !== null && keys !== null && visitor.username === `~${keys.account.public}`) {
    return { address: Address.fromWire(visitor), sign: signKey(keys.device) };
  }
  await keepVisitor(null);
  return begin(facts);
}

async function begin(facts: string): Promise<Who> {
  const [account, device, dh] = await Promise.all([newSignHandle(), newSignHandle(), newDhHandle()]);
  const names = { device: device.public, dh: dh.public, role: "visitor" as const };
  const certificate = await makeCertificate(signKey(account), names, Date.now());
  await keepVisitor({ account, device, dh });
  const { visitor } = await beginAsVisitor(certificate, facts);
  if (visitor === null) throw new ProtocolError("refused");
  return { address: Address.fromWire(visitor), sign: signKey(device) };
}

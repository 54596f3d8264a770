/** Somebody who writes by hand: an account with one device whose keys lie open, so that a test can break any rule with them. */
import { Address } from "../../src/protocol/addresses.ts";
import { canonical } from "../../src/protocol/canonical.ts";
import type { Certificate, DeviceListWire } from "../../src/protocol/certificates.ts";
import { makeCertificate, makeDeviceList } from "../../src/protocol/certificates.ts";
import type { Bytes } from "../../src/protocol/encoding.ts";
import type { Envelope } from "../../src/protocol/envelope.ts";
import { makeEnvelope, newId } from "../../src/protocol/envelope.ts";
import { makeEvents, makeRequest } from "../../src/protocol/letters.ts";
import type { DhKey, SignKey } from "../../src/protocol/ports.ts";
import { makeSignedPrekey } from "../../src/protocol/prekeys.ts";
import type { Members } from "../../src/protocol/schema.ts";
import { sealMail } from "../../src/protocol/seal.ts";
import * as author from "../../src/protocol/swarm/author.ts";
import type { SignedWire } from "../../src/protocol/swarm/events.ts";
import { MemoryEventStore } from "../../src/protocol/swarm/memory.ts";
import { Replica } from "../../src/protocol/swarm/replica.ts";
import { newDhKey, newSignKey, sodium, systemRandom } from "./keys.ts";
import type { World } from "./world.ts";

export class Correspondent {
  readonly address: Address;
  readonly account: SignKey = newSignKey();
  readonly device: SignKey = newSignKey();
  dh: DhKey = newDhKey();
  readonly replica = new Replica(sodium, new MemoryEventStore());
  certificate!: Certificate;
  private readonly world: World;

  private constructor(world: World, address: string) {
    this.world = world;
    this.address = Address.parse(address);
  }

  /** Enrolled at a site of the world. */
  static async join(world: World, address: string): Promise<Correspondent> {
    const self = new Correspondent(world, address);
    const names = { device: self.device.public, dh: self.dh.public, role: "root" as const };
    self.certificate = await makeCertificate(self.account, names, world.now());
    world.putList(address, await self.list(1));
    const prekey = newDhKey().public;
    const signed = await makeSignedPrekey(self.account.public, self.device, prekey, world.now());
    world.account(address).prekeys.clear();
    world.account(address).prekeys.set(self.device.public, { ...signed });
    return self;
  }

  list(number: number): Promise<DeviceListWire> {
    return makeDeviceList(this.account, number, [this.certificate], this.world.now());
  }

  /** The request that begins a conversation; its swarm. */
  async ask(to: string, peer: string): Promise<string> {
    const { device, certificate, world } = this;
    const initial = await author.begin(this.replica, device, certificate, peer, world.now(), systemRandom);
    await this.mail(to, makeRequest(initial.wire, initial.id, { name: "Mallory" }), "request");
    return initial.id;
  }

  /** A text in the conversation; not sent yet. */
  async say(text: string): Promise<SignedWire> {
    const event = await author.text(this.replica, this.device, this.account.public, text, this.world.now());
    return event.wire;
  }

  /** Any content in the conversation; not sent yet. */
  async write(type: string, body: Members): Promise<SignedWire> {
    const { device, account, world } = this;
    return (await author.write(this.replica, device, account.public, type, body, world.now())).wire;
  }

  /** Sends events, whatever they are. */
  send(to: string, events: readonly SignedWire[]): Promise<Envelope> {
    const whole = canonical({ kind: "events", swarm: this.replica.swarm, events });
    return this.mail(to, events.length > 0 ? makeEvents(String(this.replica.swarm), events) : whole);
  }

  /** Seals a letter to all devices at `to` and puts it into their mailboxes. */
  async mail(to: string, letter: Bytes, type = "mail"): Promise<Envelope> {
    const envelope = await this.compose(to, letter, type);
    this.world.account(String(this.address)).wrote.add(to);
    await this.world.put(envelope);
    return envelope;
  }

  /** The sealed letter, not sent. */
  compose(to: string, letter: Bytes, type = "mail"): Promise<Envelope> {
    return sealed(this.world, this, to, letter, type);
  }
}

/** A letter by this device, sealed to all devices at `to`. */
export async function sealed(
  world: World,
  { address, device, dh }: Pick<Correspondent, "address" | "device" | "dh">,
  to: string,
  letter: Bytes,
  type = "mail",
): Promise<Envelope> {
  const account = world.account(to);
  const recipients = (account.list?.devices ?? []).flatMap((each) => {
    const prekey = account.prekeys.get(each.device)?.key as string | undefined;
    const oneTime = account.oneTime.get(each.device)?.shift() ?? null;
    return prekey === undefined ? [] : [{ device: each.device, dh: each.dh, prekey, oneTime }];
  });
  const id = newId(systemRandom);
  const target = Address.parse(to);
  const context = { from: address.wire(), from_device: device.public, id, to: target.wire(), type };
  const fields = await sealMail(sodium, letter, context, dh, recipients, systemRandom, async () =>
    newDhKey(),
  );
  const draft = {
    from: address,
    to: target,
    type,
    fields: { ...fields },
    fromDevice: device.public,
    toDevice: null,
    now: world.now(),
    ttl: 86_400,
    id,
  };
  return makeEnvelope(draft, device);
}

/** Two sites and their relay in memory, and browsers that connect to them: the other side of the private part's tests. */
import { Address } from "../../src/protocol/addresses.ts";
import type { DeviceListWire } from "../../src/protocol/certificates.ts";
import { verifyDeviceList } from "../../src/protocol/certificates.ts";
import type { Bytes } from "../../src/protocol/encoding.ts";
import { fromUtf8, utf8 } from "../../src/protocol/encoding.ts";
import type { Envelope } from "../../src/protocol/envelope.ts";
import {
  envelopeHash,
  makeEnvelope,
  newId,
  readEnvelope,
  verifyEnvelope,
} from "../../src/protocol/envelope.ts";
import { ProtocolError } from "../../src/protocol/errors.ts";
import { ServerHandshake } from "../../src/protocol/handshake.ts";
import type { SignKey } from "../../src/protocol/ports.ts";
import { verifyPossession } from "../../src/protocol/possession.ts";
import type { Revocation } from "../../src/protocol/revocations.ts";
import type { Members } from "../../src/protocol/schema.ts";
import type { Channel, Lock, Outside } from "../../src/state/engine/outside.ts";
import { TabEngine } from "../../src/state/engine/tab.ts";
import type { Member } from "../../src/state/engine.ts";
import type { SignedPost, WaitingVault } from "../../src/state/views.ts";
import type { Dial, Socket } from "../../src/transport/socket.ts";
import { newSignKey, sodium, systemRandom } from "./keys.ts";

interface Account {
  list: DeviceListWire | null;
  readonly prekeys: Map<string, Members>;
  /** Further members of its keys document. */
  told: Members;
  readonly oneTime: Map<string, string[]>;
  /** One-time prekeys ever uploaded: an upload that comes twice revives none. */
  readonly uploaded: Set<string>;
  /** By device, oldest first. */
  readonly mailbox: Map<string, Envelope[]>;
  /** What its site has of its posts. */
  readonly posts: SignedPost[];
  readonly wrote: Set<string>;
  readonly asked: Set<string>;
}

interface Connected {
  readonly device: string;
  readonly address: Address;
  readonly push: (raw: Bytes) => void;
  readonly cut: (code: number) => void;
}

const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/** How much faster than ours the clocks and timers of the world run. */
const HASTE = 6;

/** Everything between the browsers. */
export class World {
  private readonly began = Date.now();
  siteKey: SignKey = newSignKey();
  /** What the sites say when they are asked for their document. */
  document: Bytes = utf8("{}");
  readonly accounts = new Map<string, Account>();
  readonly connected = new Map<string, Connected>();
  /** Addresses whose keys cannot be asked for. */
  readonly unreachable = new Set<string>();
  /** Every envelope that a device sent. */
  readonly sent: Envelope[] = [];
  /** Vaults that wait: by slot, what takes an envelope. */
  readonly slots = new Map<string, { name: string; role?: "member"; take: (envelope: Envelope) => void }>();
  /** What their members call the devices. */
  readonly named = new Map<string, string>();
  /** Members who hide their light. */
  readonly hidden = new Set<string>();
  /** Nobody can connect. */
  down = false;

  private passed = 0;
  private readonly waiting = new Set<{ due: number; run: () => void }>();

  now(): number {
    return this.began + this.passed + (Date.now() - this.began) * HASTE;
  }

  /** Runs it once that time is over, by the world's clock. */
  after(milliseconds: number, run: () => void): () => void {
    const one = {
      due: this.now() + milliseconds,
      run: () => {
        stop();
        run();
      },
    };
    const timer = setTimeout(one.run, milliseconds / HASTE);
    const stop = () => {
      clearTimeout(timer);
      this.waiting.delete(one);
    };
    this.waiting.add(one);
    return stop;
  }

  /** Lets that time pass at once; what was to happen meanwhile happens now. */
  pass(milliseconds: number): void {
    this.passed += milliseconds;
    for (const { due, run } of [...this.waiting]) if (due <= this.now()) run();
  }

  account(address: string): Account {
    const known = this.accounts.get(address);
    if (known !== undefined) return known;
    const fresh: Account = {
      list: null,
      prekeys: new Map(),
      told: {},
      oneTime: new Map(),
      uploaded: new Set(),
      mailbox: new Map(),
      posts: [],
      wrote: new Set(),
      asked: new Set(),
    };
    this.accounts.set(address, fresh);
    return fresh;
  }

  /** Sockets of devices that are not listed any more are closed; all others are told to look. */
  putList(address: string, list: DeviceListWire, revocations: readonly Revocation[] = []): void {
    verifyDeviceList(sodium, list);
    const account = this.account(address);
    account.list = list;
    if (revocations.length > 0) account.told = { ...account.told, revocations, freshness: null };
    const listed = new Set(list.devices.map(({ device }) => device));
    for (const each of [...this.connected.values()].filter((one) => String(one.address) === address)) {
      if (!listed.has(each.device)) each.cut(4403);
      else void this.tell(each, "changed", { topic: "devices" });
    }
  }

  /** The site forgets the account; what waited for its devices is gone. */
  abandon(address: string): void {
    const account = this.account(address);
    account.list = null;
    account.told = {};
    account.prekeys.clear();
    account.mailbox.clear();
    this.cut(address, 4403);
  }

  /** What waits for a device, or for all devices of an address. */
  waitingAt(address: string): number {
    return [...this.account(address).mailbox.values()].reduce((sum, mails) => sum + mails.length, 0);
  }

  cut(address: string, code = 1006): void {
    for (const each of [...this.connected.values()]) if (String(each.address) === address) each.cut(code);
  }

  dial(site: Address): Dial {
    return () => {
      let open = true;
      const key = this.siteKey;
      const handshake = new ServerHandshake(sodium, key, [site.origin(false)], systemRandom);
      let turn = Promise.resolve();
      let device: string | null = null;
      let slot: string | null = null;
      const deliver = (raw: Bytes) => void settled().then(() => open && socket.received(fromUtf8(raw)));
      const end = (code: number) => {
        if (!open) return;
        open = false;
        if (slot !== null) this.slots.delete(slot);
        if (device !== null && this.connected.get(device)?.cut === end) this.connected.delete(device);
        void settled().then(() => socket.closed(code));
      };
      const shake = async (raw: Bytes) => {
        const answer = await handshake.receive(raw);
        if (answer !== null) deliver(answer);
        const { hello } = handshake;
        if (!handshake.proven || hello === null) return;
        if (hello.role === "pairing") {
          slot = newId(systemRandom);
          const take = (envelope: Envelope) => deliver(envelope.raw);
          this.slots.set(slot, { name: "", role: "member", take });
          deliver(handshake.welcome({ address: site, capabilities: [], limits: {}, slot }));
          return;
        }
        const list = this.account(String(hello.address)).list;
        if (!list?.devices.some((each) => each.device === hello.key)) throw new ProtocolError("refused");
        device = hello.key;
        this.connected.get(device)?.cut(4409);
        const connection = { device, address: hello.address, push: deliver, cut: end };
        deliver(handshake.welcome({ address: hello.address, capabilities: [], limits: {}, slot: null }));
        this.connected.set(device, connection);
        const waiting = this.account(String(hello.address)).mailbox.get(device) ?? [];
        for (const mail of waiting) deliver(mail.raw);
      };
      const take = async (text: string) => {
        if (slot !== null) {
          const envelope = readEnvelope(utf8(text));
          this.connected.get(String(envelope.data.to_device))?.push(envelope.raw);
          return;
        }
        const known = device === null ? undefined : this.connected.get(device);
        if (known === undefined) await shake(utf8(text));
        else await this.take(known, readEnvelope(utf8(text)));
      };
      const socket: Socket = {
        opened: () => {},
        received: () => {},
        closed: () => {},
        send: (text) => {
          turn = turn.then(() => (open ? take(text) : undefined)).catch(() => end(4403));
          return open;
        },
        close: () => {
          turn = turn.then(() => end(1000));
        },
      };
      void settled().then(() => (this.down ? end(1006) : socket.opened()));
      return socket;
    };
  }

  private async take(from: Connected, envelope: Envelope): Promise<void> {
    this.sent.push(envelope);
    try {
      if (!envelope.from.equals(from.address) || envelope.fromDevice !== from.device) {
        throw new ProtocolError("wrong_sender");
      }
      verifyEnvelope(sodium, envelope);
      if (envelope.type === "mail" || envelope.type === "request") await this.mail(from, envelope);
      else if (envelope.type === "presence") this.presence(envelope);
      else if (envelope.type === "ack") this.ack(from, envelope.data.hashes as string[]);
      else if (envelope.type === "prekeys") await this.prekeys(from, envelope);
      else if (envelope.type === "vouch") await this.vouch(from, envelope);
      else if (envelope.type === "keys") await this.keys(from, envelope);
      else if (envelope.type === "pair") this.slots.get(String(envelope.data.slot))?.take(envelope);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      await this.tell(from, "error", { ref: envelope.id, code: error.code, message: "" });
    }
  }

  private async mail(from: Connected, envelope: Envelope): Promise<void> {
    const [sender, to] = [String(envelope.from), String(envelope.to)];
    const account = this.accounts.get(to);
    if (account?.list == null) throw new ProtocolError("unknown_recipient");
    if (sender !== to && !account.wrote.has(sender)) {
      if (envelope.type !== "request") throw new ProtocolError("refused");
      if (account.asked.has(sender)) throw new ProtocolError("request_pending");
      account.asked.add(sender);
    }
    this.account(sender).wrote.add(to);
    await this.put(envelope);
    await this.tell(from, "accepted", { ref: envelope.id });
  }

  /** Into the mailboxes, and to whom is connected. */
  async put(envelope: Envelope): Promise<void> {
    const account = this.account(String(envelope.to));
    for (const device of Object.keys(envelope.data.wraps as Members)) {
      const mails = account.mailbox.get(device) ?? [];
      account.mailbox.set(device, mails);
      if (mails.some((mail) => envelopeHash(mail) === envelopeHash(envelope))) continue;
      mails.push(envelope);
      this.connected.get(device)?.push(envelope.raw);
    }
  }

  private presence({ to, data, raw }: Envelope): void {
    for (const each of this.connected.values())
      if (each.address.equals(to) && Object.hasOwn(data.wraps as Members, each.device)) each.push(raw);
  }

  private ack(from: Connected, hashes: readonly string[]): void {
    const { mailbox } = this.account(String(from.address));
    const mails = mailbox.get(from.device) ?? [];
    mailbox.set(
      from.device,
      mails.filter((mail) => !hashes.includes(envelopeHash(mail))),
    );
  }

  private async prekeys(from: Connected, envelope: Envelope): Promise<void> {
    const account = this.account(String(from.address));
    const { signed, one_time } = envelope.data as { signed: Members; one_time: { keys: string[] } | null };
    const first = !account.prekeys.has(from.device);
    account.prekeys.set(from.device, signed);
    const known = account.oneTime.get(from.device) ?? [];
    const fresh = (one_time?.keys ?? []).filter((key) => !account.uploaded.has(key));
    for (const key of fresh) account.uploaded.add(key);
    account.oneTime.set(from.device, [...known, ...fresh]);
    await this.tell(from, "accepted", { ref: envelope.id });
    const others = [...this.connected.values()].filter((each) => each.address.equals(from.address));
    for (const each of first ? others.filter((one) => one.device !== from.device) : [])
      await this.tell(each, "changed", { topic: "devices" });
  }

  private async vouch(from: Connected, envelope: Envelope): Promise<void> {
    const { revocations, freshness } = envelope.data as Members;
    this.account(String(from.address)).told = { revocations, freshness };
    await this.tell(from, "accepted", { ref: envelope.id });
  }

  private async keys(from: Connected, envelope: Envelope): Promise<void> {
    const { address, claim } = envelope.data as { address: unknown; claim: boolean };
    const text = String(Address.fromWire(address));
    if (this.unreachable.has(text)) throw new ProtocolError("unreachable");
    const account = this.accounts.get(text);
    const listed = new Set(account?.list?.devices.map(({ device }) => device));
    const published = [...(account?.prekeys ?? [])].filter(([device]) => listed.has(device));
    const prekeys = published.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);
    const keys = account?.list == null ? null : { v: 1, list: account.list, prekeys, ...account.told };
    const left = claim ? [...(account?.oneTime ?? [])] : [];
    const claimed = Object.fromEntries(left.map(([device, own]) => [device, own.shift() ?? null]));
    const one_time = claim && keys !== null ? claimed : null;
    await this.tell(from, "keys-result", { ref: envelope.id, keys, one_time });
  }

  /** An envelope of the site to a connected device. */
  async tell(to: Pick<Connected, "address" | "device">, type: string, fields: Members): Promise<void> {
    const envelope = await makeEnvelope(
      {
        from: to.address.site,
        to: to.address,
        type,
        fields,
        fromDevice: this.siteKey.public,
        toDevice: to.device,
        now: this.now(),
        ttl: 300,
        id: newId(systemRandom),
      },
      this.siteKey,
    );
    this.connected.get(to.device)?.push(envelope.raw);
  }
}

/** The tabs of one browser share its locks and channels. */
export class Browser {
  readonly world: World;
  private readonly locks = new Map<string, Promise<void>>();
  private readonly channels = new Map<string, Set<Channel>>();
  readonly tabs: TabEngine[] = [];

  constructor(world: World) {
    this.world = world;
  }

  private lock: Lock = (name, whileHeld) => {
    const mine = (this.locks.get(name) ?? Promise.resolve()).then(whileHeld);
    this.locks.set(name, mine);
    return mine;
  };

  private channel = (name: string): Channel => {
    const all = this.channels.get(name) ?? new Set();
    this.channels.set(name, all);
    const own: Channel = {
      received: () => {},
      close: () => all.delete(own),
      post: (message) => {
        const copy = structuredClone(message);
        for (const other of all) if (other !== own) void settled().then(() => other.received(copy));
      },
    };
    all.add(own);
    return own;
  };

  /** A tab of the member at this address, started. */
  async open(text: string, account: string | null = null): Promise<TabEngine> {
    const { world } = this;
    const address = Address.parse(text);
    const outside: Outside = {
      clock: { now: () => world.now() },
      random: systemRandom,
      after: (milliseconds, run) => world.after(milliseconds, run),
      sodium: async () => sodium,
      site: {
        putDeviceList: async (list, revocations, proof) => {
          if (world.account(text).list === null)
            verifyPossession(sodium, proof, verifyDeviceList(sodium, list), address, world.now());
          world.putList(text, list, revocations);
        },
        ownKeys: async () => {
          const { list, told } = world.account(text);
          return { list, revocations: told.revocations ?? [], freshness: told.freshness ?? null };
        },
        abandon: async () => world.abandon(text),
        prekeysLeft: async (device) => world.account(text).oneTime.get(device)?.length ?? 0,
        nameDevice: async (device, name) => void world.named.set(device, name),
        aboutSite: async () => world.document,
        lightShown: async () => !world.hidden.has(text),
        waitingVaults: async (): Promise<WaitingVault[]> =>
          [...world.slots].map(([slot, { name, role }]) => ({ slot, name, since: 0, role: role ?? "vault" })),
        signedPosts: async (after) => {
          const { posts } = world.account(text);
          return { posts: posts.slice(after, after + 2), next: posts.length > after + 2 ? after + 2 : null };
        },
      },
      dial: world.dial(address.site),
      socket: "ws://memory",
      origin: address.origin(false),
      lock: this.lock,
      channel: this.channel,
      persist: async () => {},
    };
    const member: Member = {
      username: address.username,
      address: address.wire(),
      account: account ?? world.account(text).list?.account ?? null,
      name: address.username.toUpperCase(),
    };
    const tab = new TabEngine(member, outside);
    this.tabs.push(tab);
    await tab.start();
    return tab;
  }

  async close(): Promise<void> {
    await Promise.all(this.tabs.splice(0).map((tab) => tab.stop()));
  }
}

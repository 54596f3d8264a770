/** What the private side needs from around it. Tests give other ones. */

import type { DeviceListWire } from "../../protocol/certificates.ts";
import type { Bytes } from "../../protocol/encoding.ts";
import type { Clock, Random } from "../../protocol/ports.ts";
import type { Possession } from "../../protocol/possession.ts";
import type { Revocation } from "../../protocol/revocations.ts";
import type { After, Dial } from "../../transport/socket.ts";
import type { SignedPost, WaitingVault } from "../views.ts";
import type { SodiumLibrary } from "./sodium.ts";

export interface SignedPosts {
  readonly posts: readonly SignedPost[];
  readonly next: number | null;
}

/** The own site's REST, as far as the private side needs it. Errors carry a `code`. */
export interface SitePort {
  /** `proof` with the first list of an account there. Throws `recent_login` where it ends a device. */
  putDeviceList(list: DeviceListWire, revocations: readonly Revocation[], proof?: Possession): Promise<void>;
  /** What the site says of the own account; not verified. */
  ownKeys(): Promise<{ list: unknown; revocations: unknown; freshness: unknown }>;
  /** Gives the account up, for somebody whose name is typed. Throws `recent_login`. */
  abandon(username: string): Promise<void>;
  /** How many one-time prekeys of a device the site still has; null when it does not say. */
  prekeysLeft(device: string): Promise<number | null>;
  /** What the member calls a device, at most 64 characters. */
  nameDevice(device: string, name: string): Promise<void>;
  /** The site document (SPEC 4.5) as it came; not verified. */
  aboutSite(): Promise<Bytes>;
  /** Whether the person lets others see that they are connected. */
  lightShown(): Promise<boolean>;
  waitingVaults(): Promise<readonly WaitingVault[]>;
  /** The next own posts that a device has signed, as they are now; `next` is null after the last. */
  signedPosts(after: number): Promise<SignedPosts>;
}

/** Runs `whileHeld` once no other tab holds the lock of that name, and keeps it until the promise ends. */
export type Lock = (name: string, whileHeld: () => Promise<void>) => Promise<void>;

/** Messages between the tabs of one browser; a sender does not hear itself. */
export interface Channel {
  post(message: unknown): void;
  received: (message: unknown) => void;
  close(): void;
}

export interface Outside {
  readonly clock: Clock;
  readonly random: Random;
  readonly after: After;
  readonly sodium: () => Promise<SodiumLibrary>;
  readonly site: SitePort;
  readonly dial: Dial;
  /** `wss://…/signaling/socket`, and the web origin that the handshake signs. */
  readonly socket: string;
  readonly origin: string;
  readonly lock: Lock;
  readonly channel: (name: string) => Channel;
  /** Asks the browser not to throw the keys away when space gets short. */
  readonly persist: () => Promise<void>;
}

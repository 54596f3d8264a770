/** Where somebody lives today: addresses, sites and which numbers are public (SPEC section 3). */

import { ProtocolError } from "./errors.ts";
import type { Check } from "./schema.ts";
import { isMembers, schemaError } from "./schema.ts";

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const NUMERIC_END = /^(?:[0-9]+|0x[0-9a-f]*)$/;
const OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const IPV4 = new RegExp(`^(?:${OCTET}\\.){3}${OCTET}$`);
const GROUP = /^(?:0|[1-9a-f][0-9a-f]{0,3})$/;
const USERNAME = /^(?:[a-z0-9](?:[a-z0-9_-]{0,30}[a-z0-9])?|~[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])?$/;
const TEXT = /^(?:@([^@\s]+)@)?(\[[^[\]@]*\]|[^@[\]:/]+)(?::([1-9][0-9]{0,4}))?$/;

/** `username` at the site (`ip`, `port`); an empty username is the site itself. As on the wire. */
export interface AddressWire {
  readonly ip: string;
  readonly port: number;
  readonly username: string;
}

/** A checked address: always valid once made by `make`, `fromWire` or `parse`. */
export class Address implements AddressWire {
  readonly ip: string;
  readonly port: number;
  readonly username: string;

  private constructor(ip: string, port: number, username: string) {
    this.ip = ip;
    this.port = port;
    this.username = username;
  }

  /** A checked address; `address` if it is none. */
  static make(ip: string, port: number, username = ""): Address {
    const fits = Number.isInteger(port) && port >= 1 && port <= 65535;
    if (!fits || !USERNAME.test(username) || !isHost(ip)) throw new ProtocolError("address", ip.slice(0, 80));
    return new Address(ip, port, username);
  }

  /** The address of `{ip, port, username}`: `schema` for another shape, `address` for bad values. */
  static fromWire(value: unknown, path = "address"): Address {
    if (!isMembers(value) || Object.keys(value).length !== 3) throw new ProtocolError("schema", path);
    const { ip, port, username } = value;
    if (typeof ip !== "string" || !Number.isInteger(port) || typeof username !== "string") {
      throw new ProtocolError("schema", path);
    }
    return Address.make(ip, port as number, username);
  }

  /** The address of `@alice@example.org:8001`, or of the site for `example.org:8001`. */
  static parse(text: string): Address {
    const [matched, username, host = "", port] = TEXT.exec(text) ?? [];
    const bracketed = host.startsWith("[");
    const ip = bracketed ? host.slice(1, -1) : host;
    if (matched === undefined || bracketed !== ip.includes(":")) {
      throw new ProtocolError("address", text.slice(0, 80));
    }
    return Address.make(ip, Number(port ?? 443), username ?? "");
  }

  wire(): AddressWire {
    return { ip: this.ip, port: this.port, username: this.username };
  }

  /** The address of the site itself. */
  get site(): Address {
    return new Address(this.ip, this.port, "");
  }

  /** `ip`, in brackets if it is IPv6. */
  get host(): string {
    return this.ip.includes(":") ? `[${this.ip}]` : this.ip;
  }

  /** The site's web origin, the port only where it is not the scheme's own. */
  origin(secure: boolean): string {
    const own = secure ? 443 : 80;
    return `${secure ? "https" : "http"}://${this.host}${this.port === own ? "" : `:${this.port}`}`;
  }

  equals(other: AddressWire): boolean {
    return this.ip === other.ip && this.port === other.port && this.username === other.username;
  }

  toString(): string {
    const site = this.host + (this.port === 443 ? "" : `:${this.port}`);
    return this.username === "" ? site : `@${this.username}@${site}`;
  }
}

/** The wire form of any address. */
export const addressForm: Check = (value, path) => {
  Address.fromWire(value, path);
};

/** The wire form of somebody's address, not of a site's. */
export const accountAddressForm: Check = (value, path) => {
  if (Address.fromWire(value, path).username === "") throw schemaError(path);
};

/** Whether `ip` is a DNS name, an IPv4 or an IPv6 literal in the one spelling the protocol has for it. */
export function isHost(ip: string): boolean {
  if (ip.includes(":")) return isIpv6(ip);
  if (IPV4.test(ip)) return true;
  const labels = ip.split(".");
  if (ip.length > 253 || NUMERIC_END.test(labels.at(-1) ?? "")) return false;
  return labels.every((label) => LABEL.test(label));
}

function isIpv6(ip: string): boolean {
  const groups = expanded(ip);
  if (groups === null || !groups.every((group) => GROUP.test(group))) return false;
  const mapped = groups.slice(0, 5).every((group) => group === "0") && groups[5] === "ffff";
  return !mapped && compressed(groups) === ip;
}

function expanded(ip: string): readonly string[] | null {
  const [head = "", tail, more] = ip.split("::");
  if (more !== undefined) return null;
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const gap = 8 - before.length - after.length;
  if (tail === undefined) return gap === 0 ? before : null;
  return gap < 1 ? null : [...before, ...Array<string>(gap).fill("0"), ...after];
}

/** RFC 5952: the longest run of at least two zero groups, the first of equals, becomes `::`. */
function compressed(groups: readonly string[]): string {
  const text = groups.join(":");
  const runs = [...text.matchAll(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g)];
  const longest = runs.reduce<RegExpExecArray | null>(
    (best, run) => (best === null || run[0].length > best[0].length ? run : best),
    null,
  );
  if (longest === null) return text;
  const before = text.slice(0, longest.index).replace(/:$/, "");
  const after = text.slice(longest.index + longest[0].length).replace(/^:/, "");
  return `${before}::${after}`;
}

// The special ranges of IPv4 and, within 2000::/3, of IPv6: first groups and how many bits of them count.
const IPV4_SPECIAL = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
];
const IPV6_SPECIAL = [
  ["2001:0", 23],
  ["2001:db8", 32],
  ["2002:0", 16],
  ["3fff:0", 20],
] as const;

/** Whether a numeric address is one anybody may be sent to; false for anything that is not an IP literal in the protocol's one spelling. */
export function isPublic(ip: string): boolean {
  if (IPV4.test(ip)) return !IPV4_SPECIAL.some((range) => within(ipv4Bits(ip), range));
  if (!ip.includes(":") || !isIpv6(ip)) return false;
  const bits = ipv6Bits(expanded(ip) ?? []);
  if (bits >>> 29 !== 1) return false;
  return !IPV6_SPECIAL.some(
    ([groups, length]) => (bits ^ ipv6Bits(groups.split(":"))) >>> (32 - length) === 0,
  );
}

function within(bits: number, range: string): boolean {
  const [network = "", length] = range.split("/");
  return (bits ^ ipv4Bits(network)) >>> (32 - Number(length)) === 0;
}

function ipv4Bits(ip: string): number {
  return ip.split(".").reduce((bits, octet) => (bits << 8) | Number(octet), 0) >>> 0;
}

/** The first 32 bits. */
function ipv6Bits(groups: readonly string[]): number {
  const [first = 0, second = 0] = groups.map((group) => Number.parseInt(group, 16));
  return ((first << 16) | second) >>> 0;
}

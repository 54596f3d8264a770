/**
 * Binary values as text: base64url without padding, in the one spelling that encoding gives back (SPEC 2.2); and UTF-8.
 *
 * The two coders of the Encoding standard are all that this folder takes from its host: every browser, worker and Node has them.
 */

import { ProtocolError } from "./errors.ts";

export type Bytes = Uint8Array<ArrayBuffer>;

declare class TextEncoder {
  encode(text: string): Bytes;
}
declare class TextDecoder {
  constructor(label: string, options: { fatal: boolean; ignoreBOM: boolean });
  decode(data: Uint8Array): string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUES = new Map([...ALPHABET].map((character, value) => [character.charCodeAt(0), value]));

/** UTF-8 of well-formed text. */
export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** The text of strict UTF-8, a byte order mark kept; throws TypeError otherwise. */
export function fromUtf8(data: Uint8Array): string {
  return decoder.decode(data);
}

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** Unpadded base64url of `data`. */
export function b64encode(data: Uint8Array): string {
  let text = "";
  for (let at = 0; at < data.length; at += 3) {
    const group = ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
    text += ALPHABET.charAt(group >> 18) + ALPHABET.charAt((group >> 12) & 63);
    text += ALPHABET.charAt((group >> 6) & 63) + ALPHABET.charAt(group & 63);
  }
  return text.slice(0, Math.ceil((data.length * 4) / 3));
}

/** The bytes of strict base64url; `encoding` for another spelling or another length in bytes. */
export function b64decode(text: unknown, length: number | null = null): Bytes {
  if (typeof text !== "string" || text.length % 4 === 1) throw new ProtocolError("encoding");
  const data = new Uint8Array(Math.floor((text.length * 3) / 4));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let index = 0; index < text.length; index++) {
    const value = VALUES.get(text.charCodeAt(index));
    if (value === undefined) throw new ProtocolError("encoding");
    held = ((held << 6) | value) & 0xfff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      data[at++] = (held >> bits) & 0xff;
    }
  }
  const leftover = held & ((1 << bits) - 1);
  if (leftover !== 0 || (length !== null && data.length !== length)) throw new ProtocolError("encoding");
  return data;
}

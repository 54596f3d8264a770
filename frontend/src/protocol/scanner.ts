/**
 * The strict JSON reader behind `canonical.parse` (SPEC 2.1 and the end of section 9).
 *
 * It reads left to right, once, and throws the error of the first thing that breaks the profile. White space and non-canonical spellings pass
 * here: comparing with the canonical form is the caller's last step.
 */

import { fromUtf8 } from "./encoding.ts";
import { ProtocolError } from "./errors.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export const MAX_DEPTH = 16;
export const LARGEST = 2 ** 53 - 1;

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const INTEGER = /^-?[0-9]{1,16}$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them raw, so the pattern must name them
const PLAIN = /[^"\\\x00-\x1f]*/y;
const HEX = /[0-9a-fA-F]{4}/y;
const LOW_SURROGATE = /\\u[dD][c-fC-F][0-9a-fA-F]{2}/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};
const WORDS = new Map<string, readonly [string, Json]>([
  ["t", ["true", true]],
  ["f", ["false", false]],
  ["n", ["null", null]],
]);

/** The value of JSON bytes within the profile, in whatever spelling. */
export function scan(data: Uint8Array): Json {
  let text: string;
  try {
    text = fromUtf8(data);
  } catch {
    throw new ProtocolError("json_not_utf8");
  }
  if (text.startsWith("\ufeff")) throw new ProtocolError("json_not_utf8");
  return new Scanner(text).document();
}

class Scanner {
  private at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  document(): Json {
    const value = this.value(0);
    if (this.peek() !== "") throw new ProtocolError("json_syntax");
    return value;
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return null;
    this.at = pattern.lastIndex;
    return found[0];
  }

  /** The next character that is not white space, or "" at the end. */
  private peek(): string {
    this.match(SPACE);
    return this.text.charAt(this.at);
  }

  private value(depth: number): Json {
    const character = this.peek();
    if (character === '"') return this.string();
    if (character === "{" || character === "[") {
      if (depth === MAX_DEPTH) throw new ProtocolError("json_depth");
      this.at += 1;
      return character === "{" ? this.object(depth + 1) : this.array(depth + 1);
    }
    const word = WORDS.get(character);
    return word === undefined ? this.number() : this.word(word[0], word[1]);
  }

  private object(depth: number): Json {
    const found = new Map<string, Json>();
    if (this.peek() === "}") {
      this.at += 1;
      return {};
    }
    do {
      if (this.peek() !== '"') throw new ProtocolError("json_syntax");
      const name = this.string();
      if (found.has(name)) throw new ProtocolError("json_duplicate_key");
      if (this.peek() !== ":") throw new ProtocolError("json_syntax");
      this.at += 1;
      found.set(name, this.value(depth));
    } while (!this.ends("}"));
    return Object.fromEntries(found);
  }

  private array(depth: number): Json {
    const found: Json[] = [];
    if (this.peek() === "]") {
      this.at += 1;
      return found;
    }
    do {
      found.push(this.value(depth));
    } while (!this.ends("]"));
    return found;
  }

  /** Steps over a comma (false) or the closing bracket (true). */
  private ends(closing: string): boolean {
    const character = this.peek();
    if (character !== "," && character !== closing) throw new ProtocolError("json_syntax");
    this.at += 1;
    return character === closing;
  }

  private word(word: string, value: Json): Json {
    if (!this.text.startsWith(word, this.at)) throw new ProtocolError("json_syntax");
    this.at += word.length;
    return value;
  }

  private number(): number {
    const token = this.match(NUMBER);
    if (token === null) throw new ProtocolError("json_syntax");
    const value = Number(token);
    if (!INTEGER.test(token) || Object.is(value, -0) || Math.abs(value) > LARGEST) {
      throw new ProtocolError("json_number");
    }
    return value;
  }

  private string(): string {
    this.at += 1;
    let text = "";
    for (;;) {
      text += this.match(PLAIN) ?? "";
      const character = this.text.charAt(this.at);
      this.at += 1;
      if (character === '"') return text;
      if (character !== "\\") throw new ProtocolError("json_syntax");
      text += this.escape();
    }
  }

  private escape(): string {
    const character = this.text.charAt(this.at);
    this.at += 1;
    if (character !== "u") {
      const plain = ESCAPES[character];
      if (plain === undefined) throw new ProtocolError("json_syntax");
      return plain;
    }
    const unit = this.hex();
    if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
    LOW_SURROGATE.lastIndex = this.at;
    if (unit >= 0xdc00 || !LOW_SURROGATE.test(this.text)) throw new ProtocolError("json_surrogate");
    this.at += 2;
    return String.fromCharCode(unit, this.hex());
  }

  private hex(): number {
    const digits = this.match(HEX);
    if (digits === null) throw new ProtocolError("json_syntax");
    return Number.parseInt(digits, 16);
  }
}

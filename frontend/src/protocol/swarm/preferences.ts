/** How a person wants one conversation (SPEC 7.8): for the own devices only, each preference a register. */

import type { Check } from "../schema.ts";
import * as schema from "../schema.ts";
import type { Register } from "./registers.ts";
import { nextNumber, replaces } from "./registers.ts";

/** Null stands for the app's own choice. `auto_download`: files of at most so many bytes come by themselves; 0: none does. */
export interface PreferenceValues {
  readonly auto_download: number | null;
  readonly color: string | null;
  readonly ignore_notifications: boolean | null;
  readonly symbol: string | null;
}

export type PreferenceName = keyof PreferenceValues;

export interface PreferenceEntry extends Register<PreferenceValues[PreferenceName]> {
  readonly name: PreferenceName;
}

const FORMS: Readonly<Record<PreferenceName, Check>> = {
  auto_download: schema.nullable(schema.integer()),
  color: schema.nullable(schema.matching(/^#[0-9A-Fa-f]{6}$/)),
  ignore_notifications: schema.nullable(schema.boolean),
  symbol: schema.nullable(schema.text(1, 64)),
};
const NAMES = Object.keys(FORMS) as readonly PreferenceName[];
const entryList = schema.listing(
  schema.closed({
    name: schema.oneOf(...NAMES),
    value: () => {},
    number: schema.integer(1),
    device: schema.key,
  }),
  1,
  NAMES.length,
);

/** 1 to 4 entries, sorted by name, each once, each value of its form. */
export const checkEntries: Check = (value, path) => {
  const entries = schema.matches<PreferenceEntry[]>(entryList, value, path);
  if (!schema.ascending(entries.map(({ name }) => name))) throw schema.schemaError(path);
  for (const entry of entries) FORMS[entry.name](entry.value, "value");
};

/** Those of one conversation. */
export class Preferences {
  private readonly held = new Map<PreferenceName, Register<PreferenceValues[PreferenceName]>>();

  constructor(entries: readonly PreferenceEntry[] = []) {
    this.merge(entries);
  }

  get values(): PreferenceValues {
    const values = NAMES.map((name) => [name, this.held.get(name)?.value ?? null]);
    return Object.fromEntries(values) as PreferenceValues;
  }

  /** What a device that knows nothing is told: the registers that were ever written, by name. */
  get entries(): readonly PreferenceEntry[] {
    return NAMES.flatMap((name) => {
      const register = this.held.get(name);
      return register === undefined ? [] : [{ name, ...register }];
    });
  }

  /** Takes checked entries; the names whose values are others now. */
  merge(entries: readonly PreferenceEntry[]): readonly PreferenceName[] {
    const before = this.values;
    for (const { name, value, number, device } of entries) {
      const register = { value, number, device };
      if (replaces(register, this.held.get(name))) this.held.set(name, register);
    }
    return NAMES.filter((name) => this.values[name] !== before[name]);
  }

  /** Changes some here; the entries to tell the own other devices. `schema` for a malformed value. */
  write(device: string, values: Partial<PreferenceValues>): readonly PreferenceEntry[] {
    const names = NAMES.filter((name) => Object.hasOwn(values, name));
    for (const name of names) FORMS[name](values[name], name);
    const number = nextNumber(this.held.values());
    for (const name of names) this.held.set(name, { value: values[name] ?? null, number, device });
    return this.entries.filter(({ name }) => names.includes(name));
  }
}

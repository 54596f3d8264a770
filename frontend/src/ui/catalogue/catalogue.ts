/**
 * Every word on the screen: `t("key", {name})` gives the text of the chosen language. Keys and their parameters are
 * checked by the compiler; plurals follow `Intl.PluralRules` over the parameter `count`. Texts never hold markup.
 */
import { computed, signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { en } from "./en/index.ts";

export type Plural = { readonly other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;
export type Text = string | Plural;
export type Key = keyof typeof en;
export type Catalogue = Readonly<Record<Key, Text>>;

type Names<S> = S extends `${string}{${infer N}}${infer Rest}` ? N | Names<Rest> : never;
type Value<T> = T extends string ? T : T extends Plural ? T["other"] : never;
type NamesOf<K extends Key> = Names<Value<(typeof en)[K]>>;
type Params<K extends Key, V> = (typeof en)[K] extends Plural
  ? { count: number } & Record<Exclude<NamesOf<K>, "count">, V>
  : Record<NamesOf<K>, V>;
type Arguments<K extends Key, V> = keyof Params<K, V> extends never ? [] : [params: Params<K, V>];

/** Languages that exist, each with its loader; the English one is part of the app. */
const loaders: Record<string, () => Promise<Catalogue>> = {
  en: async () => en,
};
const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur"]);

export const language = signal("en");
const catalogue = signal<Catalogue>(en);

/** The language with the reader's own region, for dates and numbers: a British clock has 24 hours. */
export const locale = computed(
  () => wishes().find((tag) => languageOf(tag) === language.value) ?? language.value,
);

/** The language of a tag; null where it is no tag, as some systems' wishes are. */
function languageOf(tag: string): string | null {
  try {
    return new Intl.Locale(tag).language;
  } catch {
    return null;
  }
}

function wishes(): readonly string[] {
  return typeof navigator === "undefined" ? [] : (navigator.languages ?? []);
}

export function isRightToLeft(tag: string): boolean {
  return RIGHT_TO_LEFT.has(languageOf(tag) ?? "");
}

/** The first of the wanted languages that exists, English otherwise. */
export function choose(wanted: readonly string[]): string {
  return wanted.map((tag) => tag.split("-")[0] ?? "").find((tag) => Object.hasOwn(loaders, tag)) ?? "en";
}

export async function setLanguage(tag: string): Promise<void> {
  const load = Object.hasOwn(loaders, tag) ? loaders[tag] : undefined;
  if (!load) return;
  catalogue.value = await load();
  language.value = tag;
  document.documentElement.lang = tag;
  document.documentElement.dir = isRightToLeft(tag) ? "rtl" : "ltr";
}

const formats = new Map<string, Intl.NumberFormat>();

export function formatNumber(value: number): string {
  const known = formats.get(locale.value) ?? new Intl.NumberFormat(locale.value);
  formats.set(locale.value, known);
  return known.format(value);
}

function form(text: Text, params: Record<string, unknown>): string {
  if (typeof text === "string") return text;
  const rule = new Intl.PluralRules(language.value).select(Number(params.count));
  return text[rule] ?? text.other;
}

function shown(value: unknown): string {
  return typeof value === "number" ? formatNumber(value) : String(value);
}

export function t<K extends Key>(key: K, ...rest: Arguments<K, string | number>): string {
  const params = (rest[0] ?? {}) as Record<string, unknown>;
  return form(catalogue.value[key], params).replace(/\{(\w+)\}/g, (whole, name) =>
    Object.hasOwn(params, name) ? shown(params[name]) : whole,
  );
}

/** Like `t`, but parameters may be elements; gives the pieces in the order of the language. */
export function rich<K extends Key>(key: K, ...rest: Arguments<K, ComponentChildren>): ComponentChildren[] {
  const params = (rest[0] ?? {}) as Record<string, ComponentChildren>;
  return form(catalogue.value[key], params)
    .split(/\{(\w+)\}/)
    .map((piece, index) => (index % 2 ? params[piece] : piece));
}

/** The sentence for a stable error code, or null where the catalogue has none. */
export function errorText(code: string): string | null {
  const key = `error.${code}`;
  return Object.hasOwn(catalogue.value, key) ? form(catalogue.value[key as Key], {}) : null;
}

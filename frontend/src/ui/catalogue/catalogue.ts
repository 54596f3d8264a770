/**
 * Every word on the screen: `t("key", {name})` gives the text of the chosen language. Keys and their parameters are
 * checked by the compiler; plurals follow `Intl.PluralRules` over the parameter `count`. Texts never hold markup.
 * A name that runs against the direction of the language is isolated, so that the words around it keep their order.
 */
import { batch, computed, signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { door } from "./en/door.ts";
import type { en } from "./en/index.ts";
import type { Plural, Text } from "./translation.ts";

export type Key = keyof typeof en;
export type Catalogue = Readonly<Record<Key, Text>>;

type Names<S> = S extends `${string}{${infer N}}${infer Rest}` ? N | Names<Rest> : never;
type Value<T> = T extends string ? T : T extends Plural ? T["other"] : never;
type NamesOf<K extends Key> = Names<Value<(typeof en)[K]>>;
type Params<K extends Key, V> = (typeof en)[K] extends Plural
  ? { count: number } & Record<Exclude<NamesOf<K>, "count">, V>
  : Record<NamesOf<K>, V>;
type Arguments<K extends Key, V> = keyof Params<K, V> extends never ? [] : [params: Params<K, V>];

/** Languages that exist, by their own names. */
export const languages = { en: "English", zh: "简体中文", ar: "العربية" } as const;
export type Language = keyof typeof languages;

type Words = Partial<Catalogue>;

/** The words of the English door are part of the app, all others are fetched when they are wanted. */
const loaders: Record<Language, { door(): Promise<Words>; inside(): Promise<Words> }> = {
  en: {
    door: async () => door,
    inside: async () => (await import("./en/inside.ts")).inside,
  },
  zh: {
    door: async () => (await import("./zh/door.ts")).door,
    inside: async () => (await import("./zh/inside.ts")).inside,
  },
  ar: {
    door: async () => (await import("./ar/door.ts")).door,
    inside: async () => (await import("./ar/inside.ts")).inside,
  },
};
const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur"]);

export const language = signal<Language>("en");
const catalogue = signal<Words>(door);

/**
 * The language with the reader's own region, for dates and numbers: a British clock has 24 hours. Digits are 0 to 9
 * everywhere, as in addresses, codes and safety numbers.
 */
export const locale = computed(() => {
  const tag = wishes().find((wish) => languageOf(wish) === language.value) ?? language.value;
  return new Intl.Locale(tag, { numberingSystem: "latn" }).toString();
});

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

export function isLanguage(tag: string): tag is Language {
  return Object.hasOwn(languages, tag);
}

/** The first of the wanted languages that exists, English otherwise. */
export function choose(wanted: readonly string[]): Language {
  return wanted.map((tag) => tag.split("-")[0] ?? "").find(isLanguage) ?? "en";
}

let asked = 0;
let wanted: Language = "en";
let inside = false;
let latest: Promise<void> = Promise.resolve();

/** The words behind the door are there once this is done, and from then on in each language. Rejects where they cannot be fetched. */
export function openCatalogue(): Promise<void> {
  inside = true;
  return setLanguage(wanted);
}

async function wordsOf(tag: Language): Promise<Words> {
  const parts = loaders[tag];
  const [first, rest] = await Promise.all([parts.door(), inside ? parts.inside() : {}]);
  return { ...first, ...rest };
}

/** Shows everything in this language; of two calls the later one counts, and the earlier waits for it. Rejects where its words cannot be fetched. */
export function setLanguage(tag: Language): Promise<void> {
  wanted = tag;
  latest = show(tag);
  return latest;
}

async function show(tag: Language): Promise<void> {
  asked += 1;
  const mine = asked;
  const words = await wordsOf(tag);
  if (mine !== asked) return latest;
  batch(() => {
    catalogue.value = words;
    language.value = tag;
  });
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

const RUNS_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;

/** Between FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE where it runs the other way. */
function isolated(text: string): string {
  return RUNS_LEFT.test(text) === isRightToLeft(language.value) ? text : `\u2068${text}\u2069`;
}

function shown(value: unknown): string {
  return typeof value === "number" ? formatNumber(value) : isolated(String(value));
}

/** Nothing rather than a broken screen, should a part behind the door be shown before its words are there. */
function text(key: Key): Text {
  return catalogue.value[key] ?? "";
}

export function t<K extends Key>(key: K, ...rest: Arguments<K, string | number>): string {
  const params = (rest[0] ?? {}) as Record<string, unknown>;
  return form(text(key), params).replace(/\{(\w+)\}/g, (whole, name) =>
    Object.hasOwn(params, name) ? shown(params[name]) : whole,
  );
}

/** Like `t`, but parameters may be elements; gives the pieces in the order of the language. */
export function rich<K extends Key>(key: K, ...rest: Arguments<K, ComponentChildren>): ComponentChildren[] {
  const params = (rest[0] ?? {}) as Record<string, ComponentChildren>;
  return form(text(key), params)
    .split(/\{(\w+)\}/)
    .map((piece, index) => (index % 2 ? params[piece] : piece));
}

/** The sentence for a stable error code, or null where the catalogue has none. */
export function errorText(code: string): string | null {
  const key = `error.${code}`;
  return Object.hasOwn(catalogue.value, key) ? form(text(key as Key), {}) : null;
}

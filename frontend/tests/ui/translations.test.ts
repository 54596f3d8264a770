// Every language says everything that English says, with the same parameters, in the plural forms it needs.
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { ar } from "../../src/ui/catalogue/ar/index.ts";
import {
  choose,
  isLanguage,
  languages,
  locale,
  openCatalogue,
  setLanguage,
  t,
} from "../../src/ui/catalogue/catalogue.ts";
import { en } from "../../src/ui/catalogue/en/index.ts";
import type { Text } from "../../src/ui/catalogue/translation.ts";
import { zh } from "../../src/ui/catalogue/zh/index.ts";

type Words = Readonly<Record<string, Text>>;
const translations: Record<string, Words> = { zh, ar };
const english: Words = en;
const root = new URL("../../src/ui/catalogue/", import.meta.url);

vi.stubGlobal("document", { documentElement: {} });
beforeAll(openCatalogue);
afterEach(() => setLanguage("en"));

function parameters(text: string): string {
  return [...new Set(text.match(/\{\w+\}/g))].sort().join();
}

function forms(text: Text): Record<string, string> {
  return typeof text === "string" ? { other: text } : { ...text };
}

/** "Two comments" needs no number: only these forms may leave `{count}` out. */
const COUNTED = new Set(["zero", "one", "two"]);

function strays(said: Text, meant: Text): boolean {
  const wanted = parameters(forms(meant).other ?? "");
  return Object.entries(forms(said)).some(([form, text]) => {
    const without = wanted
      .split(",")
      .filter((name) => name !== "{count}")
      .join();
    return parameters(text) !== wanted && !(COUNTED.has(form) && parameters(text) === without);
  });
}

test("each language that can be chosen has words, and is the first wanted", () => {
  expect(Object.keys(languages).sort()).toEqual(["en", ...Object.keys(translations)].sort());
  expect(choose(["", "de-CH", "zh-CN", "ar"])).toBe("zh");
  expect(choose(["ar-EG"])).toBe("ar");
  expect([isLanguage("toString"), isLanguage("")]).toEqual([false, false]);
});

test.each(Object.entries(translations))("%s has the keys of English, in the same files", (tag, words) => {
  expect(Object.keys(words).sort()).toEqual(Object.keys(en).sort());
  const files = (of: string) => readdirSync(new URL(`${of}/`, root)).sort();
  expect(files(tag)).toEqual(files("en"));
});

test.each(Object.keys(languages))("no key of %s stands in two files", async (tag) => {
  const names = readdirSync(new URL(`${tag}/`, root)).filter((name) => !/^(index|door|inside)\./.test(name));
  const parts: Record<string, Words>[] = await Promise.all(
    names.map((name) => import(/* @vite-ignore */ new URL(`${tag}/${name}`, root).href)),
  );
  const keys = parts.flatMap((part) => Object.values(part).flatMap(Object.keys));
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test.each(Object.entries(translations))("%s keeps the parameters and leaves nothing empty", (_, words) => {
  const wrong = Object.entries(words).filter(
    ([key, said]) =>
      strays(said, english[key] ?? "") || Object.values(forms(said)).some((text) => !text.trim()),
  );
  expect(wrong.map(([key]) => key)).toEqual([]);
});

test.each(Object.entries(translations))("%s has the plural forms of its language", (tag, words) => {
  const wanted = new Intl.PluralRules(tag).resolvedOptions().pluralCategories.sort();
  const wrong = Object.entries(words).filter(
    ([, said]) => typeof said !== "string" && Object.keys(said).sort().join() !== wanted.join(),
  );
  expect(wrong.map(([key]) => key)).toEqual([]);
});

test.each(Object.entries(translations))("%s is translated, not copied", (_, words) => {
  const own = /\p{Script=Han}|\p{Script=Arabic}/u;
  const names = new Set(["app.name", "app.title", "people.kind.json", "people.kind.activitypub"]);
  const copied = Object.entries(words).filter(
    ([key, said]) =>
      !names.has(key) && Object.values(forms(said)).some((text) => !own.test(text) && /[a-z]{3}/i.test(text)),
  );
  expect(copied.map(([key]) => key)).toEqual([]);
});

test.each(Object.entries(translations))("%s does not shout", (_, words) => {
  const texts = Object.values(words).flatMap((text) => Object.values(forms(text)));
  expect(texts.filter((text) => /[!！]/.test(text))).toEqual([]);
});

test("Arabic counts in its six forms", async () => {
  await setLanguage("ar");
  const said = [0, 1, 2, 3, 11, 100].map((count) => t("comments.show", { count }));
  expect(said).toEqual(["لا تعليقات", "تعليق واحد", "تعليقان", "3 تعليقات", "11 تعليقًا", "100 تعليق"]);
  expect(locale.value).toMatch(/^ar.*-u-nu-latn$/);
  expect(document.documentElement).toMatchObject({ lang: "ar", dir: "rtl" });
});

test("a name that runs the other way is isolated, its own kind is not", async () => {
  expect(t("talk.with", { name: "أحمد" })).toBe("Conversation with \u2068أحمد\u2069");
  expect(t("talk.with", { name: "Ana" })).toBe("Conversation with Ana");
  await setLanguage("ar");
  expect(t("talk.with", { name: "@ana@example.org" })).toBe("محادثة مع \u2068@ana@example.org\u2069");
  expect(t("talk.with", { name: "أحمد" })).toBe("محادثة مع أحمد");
});

test("the last language asked for is the one that shows", async () => {
  const slow = setLanguage("ar");
  await setLanguage("zh");
  await slow;
  expect(t("place.house")).toBe("家");
});

test("the words behind the door come in the language that was asked for meanwhile", async () => {
  vi.resetModules();
  const fresh = await import("../../src/ui/catalogue/catalogue.ts");
  expect(fresh.t("porch.title")).toBe("");
  const opened = fresh.openCatalogue();
  void fresh.setLanguage("zh");
  await opened;
  expect(fresh.t("porch.title")).toBe(zh["porch.title"]);
});

test("other languages are not in the app's first file", () => {
  const source = readFileSync(new URL("catalogue.ts", root), "utf8");
  expect(source).not.toMatch(/^import .*\.\/(zh|ar)\//m);
});

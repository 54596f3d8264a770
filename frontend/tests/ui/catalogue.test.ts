// Words: parameters, plurals, pieces; and that nothing says a key the catalogue lacks or holds one nobody says.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test, vi } from "vitest";
import { localFaults } from "../../src/state/views.ts";
import {
  choose,
  errorText,
  isRightToLeft,
  openCatalogue,
  rich,
  t,
} from "../../src/ui/catalogue/catalogue.ts";
import { en } from "../../src/ui/catalogue/en/index.ts";

vi.stubGlobal("document", { documentElement: {} });
beforeAll(openCatalogue);

test("parameters are put in, numbers in the form of the language", () => {
  expect(t("light.label", { state: "Connected" })).toBe("Porch light: Connected");
  expect(t("talk.tooLong", { count: 20000, limit: 16384 })).toBe(
    "This message is too long: 20,000 of 16,384 bytes.",
  );
});

test("a parameter that looks like another is not looked at again", () => {
  expect(t("talk.preview.own", { text: "{text} {name}" })).toBe("You: {text} {name}");
});

test("plurals follow the rules of the language", () => {
  expect(t("porch.new", { count: 1 })).toBe("1 new post");
  expect(t("porch.new", { count: 0 })).toBe("0 new posts");
  expect(t("comments.show", { count: 12 })).toBe("12 comments");
});

test("elements stand where the language puts them", () => {
  expect(rich("approve.on", { post: "HERE" })).toEqual(["on ", "HERE", ""]);
});

test("errors have a sentence by their code, unknown codes none", () => {
  expect(errorText("unreachable")).toMatch(/did not answer/);
  expect(errorText("toString")).toBeNull();
  expect(errorText("no_such_code")).toBeNull();
});

test("every code that this browser raises has a sentence", () => {
  expect(Object.keys(localFaults).filter((code) => errorText(code) === null)).toEqual([]);
});

test("the language is the first wanted one that exists", () => {
  expect(choose(["de-CH", "en-GB"])).toBe("en");
  expect(choose([])).toBe("en");
  expect(choose(["__proto__", "constructor"])).toBe("en");
  expect([isRightToLeft("ar-EG"), isRightToLeft("zh")]).toEqual([true, false]);
});

test("no exclamation marks, no jargon", () => {
  const texts = Object.values(en).flatMap((text) =>
    typeof text === "string" ? [text] : Object.values(text),
  );
  expect(texts.filter((text) => /!|websocket|\bAPI\b|token|sync\b|exception/i.test(text))).toEqual([]);
});

test("every text is said somewhere", () => {
  const root = fileURLToPath(new URL("../../src/ui", import.meta.url));
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
    (name) => /\.tsx?$/.test(name) && !/catalogue\/\w+\//.test(name),
  );
  const source = files.map((name) => readFileSync(`${root}/${name}`, "utf8")).join("\n");
  const dynamic =
    /^(error\.|people\.kind\.|replies\.(everyone|followed|nobody)|report\.(reason|what)\.|reports\.(open|resolved|dismissed)$|texts\.|log\.|news\.|moderation\.(title$|audience\.)|moderators\.role\.|talk\.mark\.|devices\.role\.|keys\.(mark\.|title$|(account|device|site|prekeys|contact)_)|media\.(waiting|preparing|ready|failed)$|house\.(profile|security|devices|keys|vault|files|language|posts|site|data|invites|moderation)|(profile|security|devices|vault|files|language|site|data|invites)\.title$)/;
  const silent = Object.keys(en).filter((key) => !dynamic.test(key) && !source.includes(`"${key}"`));
  expect(silent).toEqual([]);
});

// What a browser that is not logged in gets first: it knows all it says, and carries little else.
import { existsSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { door } from "../../src/ui/catalogue/en/door.ts";
import { en } from "../../src/ui/catalogue/en/index.ts";

const source = fileURLToPath(new URL("../../src", import.meta.url));
const FROM = /^(?:import|export)\s+(?!type\b)[^;]*?from\s+"(\.[^"]+)"|^import\s+"(\.[^"]+)"/gms;

/** The files that come with this one: what it imports, and what that imports, unless when it runs. */
function carried(entry: string): Set<string> {
  const found = new Set<string>();
  const open = [resolve(source, entry)];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file) || !/\.tsx?$/.test(file)) continue;
    found.add(file);
    const text = readFileSync(file, "utf8");
    for (const [, named, bare] of text.matchAll(FROM)) {
      open.push(resolve(dirname(file), named ?? bare ?? ""));
    }
  }
  expect([...found].every(existsSync)).toBe(true);
  return found;
}

test.each(["main.tsx", "ui/visitor.tsx", "ui/places/login/reset.tsx", "ui/places/login/by-mail.tsx"])(
  "%s says nothing that comes later",
  (entry) => {
    const files = [...carried(entry)].filter((file) => !/\/catalogue\/\w+\//.test(file));
    const source = files.map((file) => readFileSync(file, "utf8")).join("\n");
    const later = Object.keys(en).filter((key) => !Object.hasOwn(door, key));
    expect(later.filter((key) => source.includes(`"${key}"`))).toEqual([]);
  },
);

test("the door carries neither the places, nor the protocol, nor other words", () => {
  const files = [...carried("main.tsx")].map((file) => relative(source, file).replaceAll("\\", "/"));
  const heavy =
    /^(ui\/(inside|shell)\.|ui\/places\/(?!login)|ui\/catalogue\/(zh|ar|en\/(inside|index)\.)|protocol\/(schema|certificates|swarm|sync)|transport\/relay|state\/engine\/start)/;
  expect(files.filter((file) => heavy.test(file))).toEqual([]);
});

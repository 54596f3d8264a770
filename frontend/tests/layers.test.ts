// Who may import whom (ARCHITECTURE.md's table), read from the sources themselves.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const source = resolve(dirname(fileURLToPath(import.meta.url)), "../src");

const ours: Record<string, readonly string[]> = {
  protocol: [],
  transport: ["protocol"],
  storage: ["protocol"],
  api: ["protocol"],
  state: ["protocol", "transport", "storage", "api"],
  ui: ["state"],
  sw: ["storage", "protocol"],
};
const theirs: Record<string, RegExp> = {
  protocol: /^@noble\/hashes\//,
  transport: /^$/,
  storage: /^idb$/,
  api: /^(openapi-fetch|tus-js-client)$/,
  state: /^(@preact\/signals|libsodium-wrappers-sumo)$/,
  ui: /^(preact(\/.*)?|@preact\/signals|wouter-preact(\/.*)?|blurhash|uqr|pdfjs-dist(\/.*)?)$/,
  sw: /^idb$/,
};
const forbidden: Record<string, RegExp> = {
  state: /(?<![.\w])(document|window)\.|\bnew WebSocket\b|\bindexedDB\b|(?<![.\w])fetch\(/,
  ui: /\bnew WebSocket\b|\bindexedDB\b|(?<![.\w])fetch\(|innerHTML|dangerouslySetInnerHTML/,
};

const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !/\.(test|gen)\.tsx?$|\.d\.ts$/.test(name))
  .map((name) => name.replaceAll("\\", "/"));

function imports(text: string): string[] {
  const pattern = /(?:\bfrom\s+|\bimport\s*\(\s*|^\s*import\s+)["']([^"']+)["']/gm;
  return [...text.matchAll(pattern)].map((match) => match[1] ?? "");
}

function fault(layer: string, file: string, target: string): string | null {
  if (!target.startsWith(".")) {
    return theirs[layer]?.test(target) ? null : `${file} imports ${target}`;
  }
  const path = relative(source, resolve(source, dirname(file), target)).replaceAll("\\", "/");
  const other = path.split("/")[0] ?? "";
  return other === layer || ours[layer]?.includes(other) ? null : `${file} imports ${path}`;
}

test("every layer imports only what the table allows", () => {
  const faults = files.flatMap((file) => {
    const layer = file.includes("/") ? (file.split("/")[0] ?? "") : "";
    if (layer === "") return []; // main.tsx puts the parts together
    if (!(layer in ours)) return [`${file} lies in no known layer`];
    const text = readFileSync(join(source, file), "utf8");
    return imports(text).flatMap((target) => fault(layer, file, target) ?? []);
  });
  expect(faults).toEqual([]);
});

test("sockets, storage, fetch and the DOM stay where they belong", () => {
  const faults = files.filter((file) => {
    const pattern = forbidden[file.split("/")[0] ?? ""];
    return pattern?.test(readFileSync(join(source, file), "utf8"));
  });
  expect(faults).toEqual([]);
});

test("the check sees every form of import", () => {
  expect(
    imports('import a from "./a";\nimport "./b.css";\nexport { c } from "c";\nawait import("./d");'),
  ).toEqual(["./a", "./b.css", "c", "./d"]);
  expect(fault("ui", "ui/app.tsx", "../api/client.ts")).toBe("ui/app.tsx imports api/client.ts");
  expect(fault("protocol", "protocol/a.ts", "idb")).toBe("protocol/a.ts imports idb");
});

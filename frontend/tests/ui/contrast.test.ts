// Every text on every surface it may stand on, and every mark, by day and at dusk.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync(new URL("../../src/ui/tokens.css", import.meta.url), "utf8");
const PAIR = /--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g;
const schemes = { light: new Map<string, string>(), dark: new Map<string, string>() };
for (const [, name, light, dark] of css.matchAll(PAIR)) {
  schemes.light.set(name ?? "", light ?? "");
  schemes.dark.set(name ?? "", dark ?? "");
}

function luminance(colour: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = parts.map((v) =>
    v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const surfaces = ["paper", "raised", "wash", "glow"];
const texts = ["ink", "muted", "accent", "light-green", "light-yellow", "light-orange", "light-red"];
const onColour = [
  ["accent-ink", "accent"],
  ["danger-ink", "light-red"],
  ["paper", "ink"],
] as const;
const marks = ["edge", "accent", "light-green", "light-yellow", "light-orange", "light-red"];

test.each(Object.entries(schemes))("text is at least 4.5 to 1 (%s)", (_, colours) => {
  const of = (name: string) => colours.get(name) ?? "";
  const short = [
    ...texts.flatMap((text) => surfaces.map((surface) => [text, surface] as const)),
    ...onColour,
  ].filter(([text, surface]) => contrast(of(text), of(surface)) < 4.5);
  expect(short.map(([text, on]) => `${text} on ${on}: ${contrast(of(text), of(on)).toFixed(2)}`)).toEqual([]);
});

test.each(Object.entries(schemes))("marks are at least 3 to 1 (%s)", (_, colours) => {
  const of = (name: string) => colours.get(name) ?? "";
  const short = marks
    .flatMap((mark) => surfaces.map((surface) => [mark, surface] as const))
    .filter(([mark, surface]) => contrast(of(mark), of(surface)) < 3);
  expect(short.map(([mark, on]) => `${mark} on ${on}: ${contrast(of(mark), of(on)).toFixed(2)}`)).toEqual([]);
});

test("black on white is 21 to 1, and all colours were found", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
  for (const name of [...surfaces, ...texts, ...marks]) expect(schemes.light.has(name), name).toBe(true);
});

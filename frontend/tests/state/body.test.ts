// What the site's API says a body is, is judged once more here: hostile trees leave words at most.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type SafeNode, safeBody, safeLink } from "../../src/state/body.ts";

const tags = (nodes: readonly SafeNode[]): string[] =>
  nodes.flatMap((node) => (typeof node === "string" ? [] : [node.tag, ...tags(node.children)]));
const attributes = (nodes: readonly SafeNode[]): string[] =>
  nodes.flatMap((node) =>
    typeof node === "string" ? [] : [...Object.keys(node.attrs), ...attributes(node.children)],
  );
const harmless =
  "p h3 h4 h5 h6 ul ol li dl dt dd blockquote pre table caption thead tbody tfoot tr th td hr br a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small strong sub sup time u var wbr".split(
    " ",
  );
const words = (nodes: readonly SafeNode[]): string =>
  nodes.map((node) => (typeof node === "string" ? node : words(node.children))).join("");

test("an honest tree stays as it is", () => {
  const tree = [
    { tag: "h3", attrs: {}, children: ["Today"] },
    {
      tag: "p",
      attrs: { dir: "auto" },
      children: ["It ", { tag: "em", attrs: {}, children: ["rained"] }, "."],
    },
    {
      tag: "p",
      attrs: {},
      children: [{ tag: "a", attrs: { href: "https://example.org/" }, children: ["there"] }],
    },
    { tag: "hr", attrs: {}, children: [] },
  ];
  expect(safeBody(tree)).toEqual(tree);
});

test.each([
  ["script", { tag: "script", attrs: {}, children: ["alert(1)"] }],
  ["style", { tag: "style", attrs: {}, children: ["*{}"] }],
  ["iframe", { tag: "iframe", attrs: { src: "https://evil.example" }, children: [] }],
  ["capital letters", { tag: "SCRIPT", attrs: {}, children: ["alert(1)"] }],
  ["svg", { tag: "svg", attrs: { onload: "alert(1)" }, children: ["x"] }],
])("%s leaves nothing", (_, node) => {
  expect(safeBody([node])).toEqual([]);
});

test("an unknown element leaves its words", () => {
  expect(safeBody([{ tag: "marquee", attrs: {}, children: ["slow"] }])).toEqual(["slow"]);
  expect(safeBody([{ tag: "img", attrs: { src: "x", onerror: "alert(1)" }, children: [] }])).toEqual([]);
});

test("handlers, styles, ids and refs are dropped", () => {
  const attrs = {
    onclick: "x()",
    style: "color:red",
    id: "app",
    class: "button",
    ref: "r",
    key: "k",
    srcdoc: "x",
  };
  const made = safeBody([{ tag: "p", attrs, children: ["x"] }]);
  expect(made).toEqual([{ tag: "p", attrs: {}, children: ["x"] }]);
});

test("dangerouslySetInnerHTML and members that are no text do not get in", () => {
  const attrs = {
    dangerouslySetInnerHTML: { __html: "<b>x</b>" },
    dir: { toString: () => "ltr" },
    lang: ["en"],
  };
  expect(attributes(safeBody([{ tag: "p", attrs, children: ["x"] }]))).toEqual([]);
});

test.each([
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "java\nscript:alert(1)",
  " https://example.org",
  "data:text/html,x",
  "vbscript:x",
  "//example.org",
  "/app/",
  "https:\\\\example.org",
  "blob:https://example.org/x",
  "https://",
  `https://example.org/${"x".repeat(2001)}`,
  42,
  null,
])("%s is no link", (href) => {
  expect(safeLink(href)).toBeNull();
  expect(safeBody([{ tag: "a", attrs: { href }, children: ["words"] }])).toEqual(["words"]);
});

test("http, https and mailto are links", () => {
  for (const href of ["http://example.org/?a=b#c", "https://例え.jp/", "mailto:ana@example.org"]) {
    expect(safeLink(href)).toBe(href);
  }
});

test("depth and number are bounded", () => {
  let deep: unknown = "bottom";
  for (let level = 0; level < 5000; level += 1) deep = { tag: "em", attrs: {}, children: [deep] };
  expect(tags(safeBody([deep])).length).toBeLessThanOrEqual(25);
  const wide = Array.from({ length: 100_000 }, () => ({ tag: "p", attrs: {}, children: ["x"] }));
  expect(tags(safeBody(wide)).length).toBeLessThanOrEqual(20_000);
});

test("whatever comes in, only known elements and attributes come out", () => {
  const node = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 6 },
      fc.string(),
      fc.anything(),
      fc.record({
        tag: fc.oneof(
          fc.constantFrom("p", "a", "script", "h1", "table", "div", "__proto__", "constructor"),
          fc.anything(),
        ),
        attrs: fc.oneof(fc.dictionary(fc.string(), fc.anything()), fc.anything()),
        children: fc.oneof(fc.array(tie("node")), fc.anything()),
      }),
    ),
  })).node;
  fc.assert(
    fc.property(fc.array(node), (tree) => {
      const made = safeBody(tree);
      for (const tag of tags(made)) expect(harmless).toContain(tag);
      for (const name of attributes(made)) expect(["href", "title", "dir", "lang", "start"]).toContain(name);
    }),
    { numRuns: 500 },
  );
});

test("what known attack texts say stays text", () => {
  const corpus = readFileSync(new URL("../../src/state/body.ts", import.meta.url), "utf8");
  const made = safeBody(['<img src=x onerror="alert(1)">', { tag: "p", attrs: {}, children: [corpus] }]);
  expect(words(made)).toContain('<img src=x onerror="alert(1)">');
  expect(tags(made)).toEqual(["p"]);
});

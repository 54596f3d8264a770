// Vector inputs with one thing changed: what the other implementation said of them (FUZZ_ANSWERS, written by tests/fuzz/answers.py), and for
// FUZZ_SECONDS whatever fast-check makes of them, of which only a ProtocolError may come.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ProtocolError } from "../../src/protocol/errors.ts";
import type { Input } from "./ops.ts";
import { OPS } from "./ops.ts";

const folder = resolve(import.meta.dirname, "../../../tests/vectors");
const answers = process.env.FUZZ_ANSWERS ?? "";
const seconds = Number(process.env.FUZZ_SECONDS ?? 12);
/** What comes from outside; the rest of an input is the test's own. As in tests/fuzz/mutation.py. */
const RECEIVED = ["box", "certificate", "ip", "text", "value"];
const MAKING = new Set(["with", "without", "rebuild", "make", "wanted"]);

interface Told {
  readonly file: string;
  readonly input: Input;
  readonly answer: unknown;
}

async function run(file: string, input: Input): Promise<unknown> {
  try {
    return { output: await OPS[file]?.[input.op]?.(input) };
  } catch (error) {
    if (error instanceof ProtocolError) return { error: error.code };
    throw error;
  }
}

test.runIf(existsSync(answers))(
  "both implementations say the same of broken inputs",
  async () => {
    const lines = readFileSync(answers, "utf8").trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(100);
    for (const line of lines) {
      const { file, input, answer }: Told = JSON.parse(line);
      expect.soft(await run(file, input), `${file} ${JSON.stringify(input)}`).toEqual(answer);
    }
  },
  3_600_000,
);

const cases = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .flatMap((name) => {
    const read: { input: Input; output?: unknown }[] = JSON.parse(readFileSync(join(folder, name), "utf8"));
    return read.map(({ input, output }) => ({ file: name.replace(".json", ""), input, output }));
  })
  .filter(({ input, output }) => output !== undefined && !MAKING.has(input.op))
  .flatMap((each) => RECEIVED.filter((name) => name in each.input).map((name) => ({ ...each, name })));

const strange = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    "\ud800",
    "",
    "A".repeat(43),
    "A".repeat(86),
    2 ** 53,
    1.5,
    -0,
    { __proto__: 1 },
    [],
  ),
);

function kindOf(value: unknown): string {
  return Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
}

/** A copy with `other` at one place in it, which `way` leads to. */
function changed(value: unknown, way: readonly number[], other: unknown): unknown {
  const [step, ...rest] = way;
  if (step === undefined || typeof value !== "object" || value === null) return other;
  const names = Object.keys(value);
  const name = names[step % names.length];
  if (name === undefined) return other;
  const inner = changed((value as Record<string, unknown>)[name], rest, other);
  return Array.isArray(value)
    ? value.map((item, index) => (String(index) === name ? inner : item))
    : { ...value, [name]: inner };
}

test("whatever is changed, only protocol errors come out", async () => {
  const property = fc.asyncProperty(
    fc.constantFrom(...cases),
    fc.array(fc.nat(20), { maxLength: 5 }),
    strange,
    async ({ file, input, name }, way, other) => {
      const value = changed(input[name], way, other);
      if (kindOf(value) === kindOf(input[name])) await run(file, { ...input, [name]: value });
    },
  );
  const options = { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: seconds * 1_000 };
  const { failed, numRuns, counterexample, errorInstance } = await fc.check(property, options);
  expect(failed && !counterexample ? null : (counterexample ?? null), String(errorInstance)).toBeNull();
  expect(numRuns).toBeGreaterThan(100);
  process.stdout.write(`${numRuns} changed inputs in ${seconds} s\n`);
}, 3_600_000);

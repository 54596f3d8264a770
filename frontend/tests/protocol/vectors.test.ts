// Every case of every shared vector file, read in place; an unknown file or op is a failure.
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { ProtocolError } from "../../src/protocol/errors.ts";
import type { Input } from "./ops.ts";
import { OPS } from "./ops.ts";

const folder = resolve(import.meta.dirname, "../../../tests/vectors");
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

interface Case {
  readonly id: string;
  readonly why: string;
  readonly input: Input;
  readonly output?: unknown;
  readonly error?: string;
}

async function run(file: string, input: Input): Promise<{ output: unknown } | { error: string }> {
  const op = OPS[file]?.[input.op];
  if (op === undefined) throw new RangeError(`no such op: ${file} ${input.op}`);
  try {
    return { output: await op(input) };
  } catch (error) {
    if (error instanceof ProtocolError) return { error: error.code };
    throw error;
  }
}

test("there is a file for each group of ops, and no other", () => {
  expect(files.map((name) => name.replace(".json", "")).sort()).toEqual(Object.keys(OPS).sort());
});

for (const name of files) {
  const cases: Case[] = JSON.parse(readFileSync(join(folder, name), "utf8"));
  describe(name, () => {
    test.each(cases.map((each) => [`${each.id}: ${each.why}`, each] as const))("%s", async (_, each) => {
      const expected = "error" in each ? { error: each.error } : { output: each.output };
      expect(await run(name.replace(".json", ""), each.input)).toEqual(expected);
    });
  });
}

/** What the shared suites use of vitest, in a page: its own `expect`, and tests that `outcomes` goes through in order. */

import { chai, JestChaiExpect } from "@vitest/expect";

chai.use(JestChaiExpect);

export const { expect } = chai;

type Body = () => Promise<void> | void;
const MOST_MS = 30_000;
const tests: { readonly name: string; readonly body: Body }[] = [];
let group = "";

export function describe(name: string, tell: () => void): void {
  group = `${name}: `;
  tell();
  group = "";
}

export function test(name: string, body: Body): void {
  tests.push({ name: group + name, body });
}

/** Each test's name, and why it failed or null. */
export async function outcomes(): Promise<readonly (readonly [string, string | null])[]> {
  const found: [string, string | null][] = [];
  for (const { name, body } of tests) found.push([name, await fault(body)]);
  return found;
}

async function fault(body: Body): Promise<string | null> {
  const late = new Promise<string>((resolve) => setTimeout(() => resolve("did not end"), MOST_MS));
  try {
    return await Promise.race([late, Promise.resolve(body()).then(() => null)]);
  } catch (error) {
    return String(error);
  }
}

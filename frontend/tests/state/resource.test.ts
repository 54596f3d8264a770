// What is fetched and shown: shared fetches, older data kept, nothing of somebody who left.
import { expect, test } from "vitest";
import { ApiError } from "../../src/api/errors.ts";
import { resource, resources } from "../../src/state/resource.ts";

test("callers that come while a fetch runs share it", async () => {
  let asked = 0;
  const shown = resource(async () => {
    asked += 1;
    return asked;
  });
  await Promise.all([shown.load(), shown.load(), shown.load()]);
  expect([asked, shown.data.value]).toEqual([1, 1]);
  await shown.load();
  expect(shown.data.value).toBe(2);
});

test("a later failure keeps the data and says since when it is", async () => {
  const answers = [async () => "first", async () => Promise.reject(new ApiError("unreachable"))];
  const shown = resource(() => (answers.shift() ?? (async () => "later"))());
  await shown.load();
  const at = shown.freshAt.value;
  await shown.load();
  expect([shown.data.value, shown.fault.value?.code, shown.freshAt.value]).toEqual([
    "first",
    "unreachable",
    at,
  ]);
  await shown.load();
  expect([shown.data.value, shown.fault.value]).toEqual(["later", null]);
});

test("an answer that comes after forgetting is dropped", async () => {
  let give: (value: string) => void = () => undefined;
  const shown = resource(() => new Promise<string>((resolve) => (give = resolve)));
  const running = shown.load();
  shown.forget();
  give("somebody else's");
  await running;
  expect([shown.data.value, shown.busy.value]).toEqual([undefined, false]);
});

test("what is thrown becomes a fault with a code", async () => {
  const shown = resource(async () => {
    throw new TypeError("x is not a function");
  });
  await shown.load();
  expect(shown.fault.value).toMatchObject({ code: "unknown", message: "x is not a function" });
});

test("one resource for each key", async () => {
  const all = resources(async (key: string) => key.toUpperCase());
  await all.of("a").load();
  expect([all.of("a").data.value, all.of("b").data.value, new Set([all.of("a"), all.of("a")]).size]).toEqual([
    "A",
    undefined,
    1,
  ]);
});

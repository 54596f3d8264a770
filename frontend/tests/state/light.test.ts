// The light: what each state of the relay and each word of the site makes of it, with the time given.
import { expect, test } from "vitest";
import { Address } from "../../src/protocol/addresses.ts";
import type { Envelope } from "../../src/protocol/envelope.ts";
import { DARK, lightAfter, lightTold } from "../../src/state/engine/light.ts";
import type { RelayState } from "../../src/transport/relay.ts";

const address = Address.make("localhost", 8001, "");
const welcome = { address, capabilities: [], limits: {}, slot: null };
const open: RelayState = { phase: "open", welcome, siteKey: "key" };
const lost: RelayState = { phase: "waiting", attempt: 1, wait: 10_000, fault: "offline" };

function told(type: string, data: Record<string, unknown>, id = "one"): Envelope {
  return { type, id, data } as unknown as Envelope;
}

const block = told("block-state", { until: 99, reason: "Calm down." });
const free = told("block-state", { until: null, reason: "" });

test("yellow while keys are compared, green when connected, red between the tries and at rest", () => {
  const dialling = lightAfter(DARK, { phase: "connecting", attempt: 0, fault: null }, 1);
  expect([dialling.light, dialling.since]).toEqual(["yellow", 1]);
  const green = lightAfter(dialling, open, 2);
  expect([green.light, green.since, green.fault]).toEqual(["green", 2, null]);
  const red = lightAfter(green, lost, 3);
  expect([red.light, red.attempt, red.nextTry]).toEqual(["red", 1, 10_003]);
  const trying = lightAfter(red, { phase: "connecting", attempt: 1, fault: "offline" }, 4);
  expect([trying.light, trying.since]).toEqual(["red", 3]);
  const rest = lightAfter(trying, { phase: "rest", fault: "offline" }, 5);
  expect([rest.light, rest.nextTry, rest.since]).toEqual(["red", null, 3]);
  expect(lightAfter(rest, { phase: "rest", fault: "refused" }, 6).light).toBe("red");
});

test("orange while a block stands, green when the site says that it is over", () => {
  const orange = lightTold(lightAfter(DARK, open, 1), block, 2);
  expect([orange.light, orange.block, orange.since]).toEqual([
    "orange",
    { until: 99, reason: "Calm down." },
    2,
  ]);
  const green = lightTold(orange, free, 3);
  expect([green.light, green.block]).toEqual(["green", null]);
  expect(lightAfter(orange, lost, 4)).toMatchObject({ light: "red", block: null });
  expect(lightTold(lightAfter(orange, lost, 4), block, 5).light).toBe("red");
});

test("a notice is kept once, the newest twenty of them", () => {
  let view = lightAfter(DARK, open, 1);
  for (let number = 0; number < 25; number++) {
    const notice = told("notice", { text: `word ${number}` }, `id ${number}`);
    view = lightTold(lightTold(view, notice, number), notice, number);
  }
  expect(view.notices.map(({ text }) => text)).toEqual(
    Array.from({ length: 20 }, (_, index) => `word ${index + 5}`),
  );
  expect(lightTold(view, told("changed", { topic: "timeline" }), 9)).toBe(view);
});

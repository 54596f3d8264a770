/** The suite that every FrameLink must pass; twin of tests/ports/link.py. `make` gives the two ends of a new one, at the devices A and B. */

import { describe, expect, test } from "vitest";
import type { Bytes } from "../../src/protocol/encoding.ts";
import { utf8 } from "../../src/protocol/encoding.ts";
import type { FrameLink } from "../../src/protocol/ports.ts";
import { LinkClosed } from "../../src/protocol/ports.ts";

export const [A, B] = ["A".repeat(43), "B".repeat(43)] as const;
const LARGEST = 65_536;

export type Links = readonly [FrameLink, FrameLink];

/** A large frame that differs from others. */
function filled(number: number): Bytes {
  const frame = new Uint8Array(32_000);
  new DataView(frame.buffer).setUint32(0, number);
  return frame;
}

const none = new Uint8Array(0);
const equal = (one: Bytes, other: Bytes) =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);
/** Backwards. */
const turned = (frame: Bytes): Bytes => Uint8Array.from(frame).reverse();

export function frameLinkContract(name: string, make: () => Promise<Links> | Links): void {
  describe(`${name} as a FrameLink`, () => {
    test("each end knows the other", async () => {
      const links = await make();
      expect(links.map(({ peer }) => peer)).toEqual([B, A]);
      for (const link of links) link.close();
    });

    test("frames come whole and in order both ways", async () => {
      const [one, other] = await make();
      const frames = [
        none,
        utf8("{}"),
        utf8("ä€𐍈"),
        Uint8Array.of(0, 255),
        new Uint8Array(LARGEST).fill(120),
      ];
      for (const frame of frames) {
        await one.send(frame);
        await other.send(turned(frame));
      }
      for (const frame of frames) {
        expect(equal(await other.receive(), frame)).toBe(true);
        expect(equal(await one.receive(), turned(frame))).toBe(true);
      }
      one.close();
    });

    test("a frame too large is not sent", async () => {
      const [one, other] = await make();
      await expect(one.send(new Uint8Array(LARGEST + 1))).rejects.toThrow(RangeError);
      await one.send(utf8("fine"));
      expect(await other.receive()).toEqual(utf8("fine"));
      one.close();
    });

    test("a slow reader loses nothing", async () => {
      const [one, other] = await make();
      const count = 400;
      const sending = (async () => {
        for (let number = 0; number < count; number++) await one.send(filled(number));
      })();
      for (let number = 0; number < count; number++)
        expect(equal(await other.receive(), filled(number))).toBe(true);
      await sending;
      one.close();
    });

    test("what was sent before the end arrives before it", async () => {
      const [one, other] = await make();
      await one.send(utf8("goodbye"));
      one.close();
      expect(await other.receive()).toEqual(utf8("goodbye"));
      await expect(other.receive()).rejects.toThrow(LinkClosed);
    });

    test("after the end nothing goes", async () => {
      const links = await make();
      for (const link of links) link.close();
      links[0].close();
      for (const link of links) {
        await expect(link.send(utf8("hello?"))).rejects.toThrow(LinkClosed);
        await expect(link.receive()).rejects.toThrow(LinkClosed);
      }
    });

    test("the end wakes who waits", async () => {
      const [one, other] = await make();
      const waiting = expect(other.receive()).rejects.toThrow(LinkClosed);
      one.close();
      await waiting;
    });
  });
}

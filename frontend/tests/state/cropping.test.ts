// The square of a picture: it stays inside, keeps its middle while zooming, and never gets smaller than can be seen.
import fc from "fast-check";
import { expect, test } from "vitest";
import { closest, middle, moved, zoomedTo, zoomOf } from "../../src/state/cropping.ts";

const wide = { width: 900, height: 600 };

test("at first it is the largest square, from the middle", () => {
  expect(middle(wide)).toEqual({ x: 150, y: 0, side: 600 });
  expect(middle({ width: 10, height: 40 })).toEqual({ x: 0, y: 15, side: 10 });
});

test("it moves as far as the picture goes", () => {
  expect(moved(middle(wide), wide, -40, 30)).toEqual({ x: 110, y: 0, side: 600 });
  expect(moved(middle(wide), wide, -400, 0).x).toBe(0);
  expect(moved(middle(wide), wide, 400, 0).x).toBe(300);
});

test("zooming keeps the point in the middle", () => {
  const near = zoomedTo(middle(wide), wide, 2);
  expect(near).toEqual({ x: 300, y: 150, side: 300 });
  expect(zoomOf(near, wide)).toBe(2);
  expect(zoomedTo(near, wide, 1)).toEqual(middle(wide));
});

test("a small picture is not looked at closer, a large one at most eight times", () => {
  expect(closest({ width: 60, height: 90 })).toBe(1);
  expect(closest({ width: 192, height: 500 })).toBe(2);
  expect(closest({ width: 9000, height: 5000 })).toBe(8);
});

test("whatever is done, the square lies inside", () => {
  const size = fc.record({
    width: fc.integer({ min: 1, max: 9000 }),
    height: fc.integer({ min: 1, max: 9000 }),
  });
  const far = fc.double({ min: -1e5, max: 1e5, noNaN: true });
  const deeds = fc.array(fc.tuple(far, far, fc.double({ min: 0, max: 100, noNaN: true })), { maxLength: 8 });
  fc.assert(
    fc.property(size, deeds, (picture, all) => {
      const end = all.reduce(
        (crop, [across, down, zoom]) => zoomedTo(moved(crop, picture, across, down), picture, zoom),
        middle(picture),
      );
      const slack = 1e-6;
      expect(Math.min(end.x, end.y)).toBeGreaterThanOrEqual(0);
      expect(end.side).toBeGreaterThan(0);
      expect(end.x + end.side).toBeLessThanOrEqual(picture.width + slack);
      expect(end.y + end.side).toBeLessThanOrEqual(picture.height + slack);
    }),
  );
});

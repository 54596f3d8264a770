// What a browser signs of a file: what it read itself, never what the site merely says.
import { createHash } from "node:crypto";
import { beforeEach, expect, test, vi } from "vitest";

vi.mock("../../src/api/media.ts", () => ({ getMedium: vi.fn(), readWhole: vi.fn() }));
vi.mock("../../src/state/session.ts", () => ({ onLogout: () => undefined }));

import * as api from "../../src/api/media.ts";
import type { OwnMedia } from "../../src/api/types.ts";
import { attachmentsOf, seenBytes } from "../../src/state/signed-files.ts";

const SONG = Buffer.from("a song");
const OTHER = Buffer.from("another song");
const hashOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest("base64url");

/** The site says that it keeps `said`, and gives `given`. */
function site(said: Buffer, given: Buffer, kind: "audio" | "image" = "audio"): void {
  const whole = { url: "/x/whole.mp3", type: "audio/mpeg", size: said.length, hash: hashOf(said) };
  const shown = { uid: "u", kind, name: "song", whole };
  vi.mocked(api.getMedium).mockResolvedValue({ shown } as unknown as OwnMedia);
  vi.mocked(api.readWhole).mockImplementation(async () => new Blob([new Uint8Array(given)]).stream());
}

let last = 0;
let uid: string;
beforeEach(() => {
  last += 1;
  uid = `uid-${last}`;
  vi.mocked(api.readWhole).mockClear();
});

test("the bytes are read once and signed with their description", async () => {
  site(SONG, SONG);
  await seenBytes(uid, new Blob([SONG]));
  const signed = await attachmentsOf([{ uid, alt: " A song " }]);
  expect(signed).toEqual([{ hash: hashOf(SONG), type: "audio/mpeg", size: SONG.length, alt: "A song" }]);
  expect(vi.mocked(api.readWhole).mock.calls.length).toBe(1);
});

test("a site that gives other bytes than it says is found out, and asked again the next time", async () => {
  site(SONG, OTHER);
  await expect(attachmentsOf([{ uid, alt: "" }])).rejects.toMatchObject({ code: "media_changed" });
  site(SONG, SONG);
  expect((await attachmentsOf([{ uid, alt: "" }]))[0]?.hash).toBe(hashOf(SONG));
});

test("a site that keeps another file than was sent is found out; a picture is made anew", async () => {
  site(OTHER, OTHER);
  await expect(seenBytes(uid, new Blob([SONG]))).rejects.toMatchObject({ code: "media_changed" });
  site(OTHER, OTHER, "image");
  expect((await seenBytes(uid, new Blob([SONG]))).hash).toBe(hashOf(OTHER));
});

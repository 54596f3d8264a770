/** What the own site says about itself and its keys (SPEC 4.5), as bytes: whoever reads it verifies it. */
import type { Bytes } from "../protocol/encoding.ts";
import { fromAnswer } from "./errors.ts";

const PATH = "/.well-known/porchlight";

/** As it is now, past any cache. */
export async function getAboutSite(): Promise<Bytes> {
  const response = await fetch(PATH, { cache: "no-store", credentials: "omit" });
  if (!response.ok) throw fromAnswer(response.status, null);
  return new Uint8Array(await response.arrayBuffer());
}

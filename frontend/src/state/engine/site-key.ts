/** The own site proves another key than the remembered one: either it rotated, as its document says, or it is not that site (SPEC 4.5). */

import { parse } from "../../protocol/canonical.ts";
import { follows, verifySiteDocument } from "../../protocol/sites.ts";
import type { Core } from "./core.ts";

const DOCUMENT_LIMIT = 16_384;

/** Remembers the present key of the own site if signed rotations lead to it from the remembered one; whether they do. Throws where that cannot be known. */
export async function followRotation(core: Core): Promise<boolean> {
  const { sodium, self, outside } = core;
  const found = verifySiteDocument(sodium, parse(await outside.site.aboutSite(), DOCUMENT_LIMIT));
  const { siteKey } = self.row;
  if (siteKey === null || found.key === siteKey || !found.address.equals(self.address.site)) return false;
  if (!follows(sodium, found, siteKey)) return false;
  await core.serial(() => core.become({ siteKey: found.key }));
  return true;
}

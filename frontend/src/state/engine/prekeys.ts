/**
 * Prekeys for others to seal to (SPEC 4.3): made, rotated weekly, published.
 *
 * Promise: private halves are on disk before the public ones leave. A replaced signed prekey is kept 30 days more; a one-time prekey goes when a mail
 * used it. What the site did not confirm is published again, unchanged.
 */

import { makeOneTime, makeSignedPrekey } from "../../protocol/prekeys.ts";
import type { PrekeyRow } from "../../storage/records.ts";
import type { KeyHandle } from "../../storage/webcrypto.ts";
import { newDhHandle } from "../../storage/webcrypto.ts";
import type { Core } from "./core.ts";
import type { Wire } from "./wire.ts";

const STOCK = 100;
const LOW_STOCK = 50;
const DAY = 86_400_000;
const ROTATION = 7 * DAY;
const KEPT = 30 * DAY;

/** After connecting, and when the site says that few are left. What was not confirmed goes again first, then fresh ones if those were known already. */
export async function topUp(core: Core, wire: Wire): Promise<void> {
  const { site } = core.outside;
  const more = await publish(core, wire, await site.prekeysLeft(core.self.device));
  if (more) await publish(core, wire, await site.prekeysLeft(core.self.device));
}

/** `left` is how many the site has, null if unknown. Returns whether there was anything to publish. */
async function publish(core: Core, wire: Wire, left: number | null): Promise<boolean> {
  const rows = await core.db.getAll("prekeys");
  const signed = await currentSigned(core, rows);
  const oneTime = await oneTimeToPublish(core, rows, left);
  if (signed.published && oneTime.length === 0) return false;
  const { account, sign } = core.self;
  const made = oneTime.map((row) => row.public);
  const envelope = await wire.toSite("prekeys", {
    signed: await makeSignedPrekey(account, sign, signed.public, signed.time),
    one_time: made.length === 0 ? null : await makeOneTime(account, sign, made, core.now),
  });
  await wire.ask(envelope.id, envelope.raw);
  await confirm(core, [signed, ...oneTime]);
  return true;
}

/** Rows that are still there: one may have been used up meanwhile. */
async function confirm(core: Core, rows: readonly PrekeyRow[]): Promise<void> {
  await core.serial(async () => {
    const now = await Promise.all(rows.map((row) => core.db.get("prekeys", row.public)));
    const prekeys = now.flatMap((row) => (row === undefined ? [] : [{ ...row, published: true }]));
    await core.commit({ prekeys });
  });
}

async function currentSigned(core: Core, rows: readonly PrekeyRow[]): Promise<PrekeyRow> {
  const signed = rows.filter(({ kind }) => kind === "signed").sort((a, b) => b.time - a.time);
  const [newest] = signed;
  const replaced = signed.filter((_, at) => (signed[at - 1]?.time ?? core.now) < core.now - KEPT);
  for (const row of replaced) await core.commit({ used: row.public });
  if (newest !== undefined && core.now - newest.time < ROTATION) return newest;
  const fresh = prekeyRow(await newDhHandle(), "signed", core.now);
  await core.commit({ prekeys: [fresh] });
  return fresh;
}

async function oneTimeToPublish(
  core: Core,
  rows: readonly PrekeyRow[],
  left: number | null,
): Promise<readonly PrekeyRow[]> {
  const oneTime = rows.filter(({ kind }) => kind === "one-time");
  const unconfirmed = oneTime.filter(({ published }) => !published).slice(0, STOCK);
  if (unconfirmed.length > 0) return unconfirmed;
  if ((left ?? oneTime.length) >= LOW_STOCK) return [];
  const handles = await Promise.all(Array.from({ length: STOCK }, newDhHandle));
  const fresh = handles.map((handle) => prekeyRow(handle, "one-time", core.now));
  await core.commit({ prekeys: fresh });
  return fresh;
}

function prekeyRow(handle: KeyHandle, kind: "signed" | "one-time", time: number): PrekeyRow {
  return { ...handle, kind, time, published: false };
}

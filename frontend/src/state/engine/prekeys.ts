/**
 * Prekeys for others to seal to (SPEC 4.3): made, published, erased; when, is the core's rule (`rotation.ts`).
 *
 * Promise: private halves are on disk before the public ones leave. A one-time prekey goes when a mail used it. What the site did not confirm is
 * published again, unchanged.
 */

import type { PrekeyHolder } from "../../protocol/ports.ts";
import { makeOneTime, makeSignedPrekey } from "../../protocol/prekeys.ts";
import { drained, erasableUntil, rotationDue, STOCK, stockWanted } from "../../protocol/rotation.ts";
import type { PrekeyRow } from "../../storage/records.ts";
import type { KeyHandle } from "../../storage/webcrypto.ts";
import { dhKey, newDhHandle } from "../../storage/webcrypto.ts";
import type { Core } from "./core.ts";
import type { Wire } from "./wire.ts";

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
  const [newest] = signedOf(rows);
  if (newest !== undefined && !rotationDue(newest.time, core.now)) return newest;
  const fresh = prekeyRow(await newDhHandle(), "signed", core.now);
  await core.commit({ prekeys: [fresh] });
  return fresh;
}

/** The newest first. */
function signedOf(rows: readonly PrekeyRow[]): PrekeyRow[] {
  return rows.filter(({ kind }) => kind === "signed").sort((a, b) => b.time - a.time);
}

/** What this browser opens boxes with. */
export function prekeyHolder(core: Core): PrekeyHolder {
  const find = async (kind: PrekeyRow["kind"], wanted: string) => {
    const row = await core.db.get("prekeys", wanted);
    return row?.kind === kind ? dhKey(row) : null;
  };
  return {
    signed: (wanted) => find("signed", wanted),
    oneTime: (wanted) => find("one-time", wanted),
  };
}

/** Erases what is not needed any more, if the mailbox is empty now. `connected` and `lastMail` are when that was. */
export async function eraseReplaced(core: Core, connected: number, lastMail: number | null): Promise<void> {
  const empty = drained(connected, lastMail, await core.db.count("held"), core.now);
  const until = erasableUntil(empty ? core.now : null, core.now);
  if (until === null) return;
  const signed = signedOf(await core.db.getAll("prekeys"));
  for (const [at, { public: used }] of signed.entries()) {
    const replaced = signed[at - 1]?.time;
    if (replaced !== undefined && replaced <= until) await core.commit({ used });
  }
}

async function oneTimeToPublish(
  core: Core,
  rows: readonly PrekeyRow[],
  left: number | null,
): Promise<readonly PrekeyRow[]> {
  const oneTime = rows.filter(({ kind }) => kind === "one-time");
  const unconfirmed = oneTime.filter(({ published }) => !published).slice(0, STOCK);
  if (unconfirmed.length > 0) return unconfirmed;
  const wanted = stockWanted(left ?? oneTime.length);
  if (wanted === 0) return [];
  const handles = await Promise.all(Array.from({ length: wanted }, newDhHandle));
  const fresh = handles.map((handle) => prekeyRow(handle, "one-time", core.now));
  await core.commit({ prekeys: fresh });
  return fresh;
}

function prekeyRow(handle: KeyHandle, kind: "signed" | "one-time", time: number): PrekeyRow {
  return { ...handle, kind, time, published: false };
}

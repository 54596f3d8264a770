/** What moderators see and do; for others every fetch is refused by the site. */
import { computed, effect, signal } from "@preact/signals";
import type {
  Block,
  BlockListReport,
  LogEntry,
  MemberRole,
  Moderation,
  Report,
  SiteBlock,
  SiteText,
} from "../api/moderation.ts";
import * as api from "../api/moderation.ts";
import { changes } from "./connection.ts";
import { resource, resources } from "./resource.ts";
import { me, onLogout } from "./session.ts";

export type {
  Audience,
  Block,
  BlockListReport,
  LogEntry,
  MemberRole,
  NewReport,
  Present,
  Report,
  SiteText,
} from "../api/moderation.ts";

export const mayModerate = computed(() => me.value?.role === "owner" || me.value?.role === "moderator");
export const ownsSite = computed(() => me.value?.role === "owner");

export const moderation = resource<Moderation>(api.getModeration);
export const reports = resources<Report[]>(api.getReports);
export const log = resource<LogEntry[]>(() => api.getLog(null));
export const siteTexts = resource<SiteText[]>(api.getSiteTexts);
export const siteBlocks = resource<SiteBlock[]>(api.getSiteBlocks);
export const members = resource<MemberRole[]>(api.getMembers);
export const openReports = computed(() => moderation.data.value?.open_reports ?? 0);
/** Whether there are older entries than those shown. */
export const logEnded = signal(false);

onLogout(() => {
  moderation.forget();
  reports.forget();
  log.forget();
  siteTexts.forget();
  siteBlocks.forget();
  members.forget();
});

/** Looks again on the site's word. Call the result to stop. */
export function watchModeration(): () => void {
  if (!mayModerate.value) return () => undefined;
  void moderation.load();
  return effect(() => {
    if (changes.value?.topic !== "moderation") return;
    void moderation.load();
    for (const shown of reports.all()) if (shown.data.peek() !== undefined) void shown.load();
    if (log.data.peek() !== undefined) void log.load();
  });
}

/** `hours` null: an emergency, half an hour. */
export async function block(handle: string, hours: number | null, reason: string): Promise<Block> {
  const begun = await api.block({ handle, hours, reason });
  await moderation.load();
  return begun;
}

export async function lift(id: number): Promise<void> {
  await api.lift(id);
  await moderation.load();
}

/** For the owner; asks again who one is if the login is old. */
export async function setModerator(username: string, moderates: boolean): Promise<void> {
  await api.setModerator(username, moderates);
  await members.load();
  if (log.data.peek() !== undefined) void log.load();
}

/** How many devices heard it. */
export async function say(
  to: { handle: string } | { audience: api.Audience },
  text: string,
): Promise<number> {
  return (await api.say({ ...to, text })).devices;
}

/** Anybody may report; moderators read it. */
export async function sendReport(report: api.NewReport): Promise<void> {
  await api.report(report);
}

export async function decide(
  id: number,
  deed: "resolve" | "dismiss" | "reopen",
  note: string,
): Promise<void> {
  await api.decide(id, deed, note);
  await Promise.all([...reports.all().map((shown) => shown.load()), moderation.load()]);
}

export async function olderLog(): Promise<void> {
  const shown = log.data.value ?? [];
  const more = await api.getLog(shown.at(-1)?.id ?? null);
  logEnded.value = more.length === 0;
  log.put([...shown, ...more]);
}

export async function writeSiteText(name: SiteText["name"], source: string): Promise<void> {
  const written = await api.writeSiteText(name, source);
  const others = siteTexts.data.value ?? [];
  siteTexts.put(others.map((one) => (one.name === name ? written : one)));
}

/** A host, with `*` and `?` as wildcards, or `literals`. */
export async function blockSites(pattern: string, reason: string): Promise<void> {
  await api.blockSites(pattern, reason);
  await siteBlocks.load();
}

/** What a shared list would block; with `apply` it does. */
export async function readBlockList(text: string, apply: boolean): Promise<BlockListReport> {
  const report = await api.readBlockList(text, apply);
  if (apply) await siteBlocks.load();
  return report;
}

export async function unblockSites(id: number): Promise<void> {
  await api.unblockSites(id);
  await siteBlocks.load();
}

/** Moderation: who is here, blocks, notices, reports, the log and the site's words. */
import { client, take } from "./client.ts";
import type { components } from "./schema.gen.ts";

type Schemas = components["schemas"];
export type BlockListReport = Schemas["BlockListReportShape"];
export type Moderation = Schemas["ModerationShape"];
export type Present = Schemas["PresentShape"];
export type Block = Schemas["BlockShape"];
export type Report = Schemas["ReportShape"];
export type LogEntry = Schemas["LogEntryShape"];
export type SiteText = Schemas["SiteTextShape"];
export type SiteBlock = Schemas["SiteBlockShape"];
export type MemberRole = Schemas["MemberRoleShape"];
export type Audience = NonNullable<Schemas["NoticeShapeRequest"]["audience"]>;
export type NewReport = Schemas["NewReportShapeRequest"];

export function getModeration(): Promise<Moderation> {
  return take(client.GET("/api/v1/moderation"));
}

export function block(body: Schemas["NewBlockShapeRequest"]): Promise<Block> {
  return take(client.POST("/api/v1/moderation/blocks", { body }));
}

export async function lift(id: number): Promise<void> {
  await take(client.DELETE("/api/v1/moderation/blocks/{id}", { params: { path: { id } } }));
}

export function say(body: Schemas["NoticeShapeRequest"]): Promise<Schemas["ToldShape"]> {
  return take(client.POST("/api/v1/moderation/notices", { body }));
}

export async function getLog(before: number | null): Promise<LogEntry[]> {
  const query = before === null ? {} : { before: String(before) };
  return (await take(client.GET("/api/v1/moderation/log", { params: { query } }))).entries;
}

export async function getReports(status: string): Promise<Report[]> {
  return (await take(client.GET("/api/v1/reports", { params: { query: { status } } }))).reports;
}

export function report(body: NewReport): Promise<{ id: number }> {
  return take(client.POST("/api/v1/reports", { body }));
}

export function decide(id: number, deed: Schemas["DeedEnum"], note: string): Promise<Report> {
  return take(client.POST("/api/v1/reports/{id}", { params: { path: { id } }, body: { deed, note } }));
}

export async function getSiteTexts(): Promise<SiteText[]> {
  return (await take(client.GET("/api/v1/site/texts"))).texts;
}

export function writeSiteText(name: SiteText["name"], source: string): Promise<SiteText> {
  return take(
    client.PUT("/api/v1/site/texts/{kind}", { params: { path: { kind: name } }, body: { source } }),
  );
}

export async function getSiteBlocks(): Promise<SiteBlock[]> {
  return (await take(client.GET("/api/v1/moderation/sites"))).sites;
}

export function blockSites(pattern: string, reason: string): Promise<SiteBlock> {
  return take(client.POST("/api/v1/moderation/sites", { body: { pattern, reason } }));
}

/** What a list would block; with `apply` it does. */
export function readBlockList(text: string, apply: boolean): Promise<BlockListReport> {
  return take(client.POST("/api/v1/moderation/sites/list", { body: { text, apply } }));
}

export async function unblockSites(id: number): Promise<void> {
  await take(client.DELETE("/api/v1/moderation/sites/{id}", { params: { path: { id } } }));
}

export async function getMembers(): Promise<MemberRole[]> {
  return (await take(client.GET("/api/v1/moderation/moderators"))).members;
}

export async function setModerator(username: string, moderates: boolean): Promise<void> {
  const path = "/api/v1/moderation/moderators/{username}";
  const params = { path: { username } };
  await take(moderates ? client.PUT(path, { params }) : client.DELETE(path, { params }));
}

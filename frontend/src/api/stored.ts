/** What the site stores: of oneself, and for its owner of everybody else. */
import { client, take } from "./client.ts";
import type { components } from "./schema.gen.ts";

export type Holding = components["schemas"]["HoldingShape"];

export async function getMyStored(): Promise<Holding[]> {
  return (await take(client.GET("/api/v1/me/stored"))).holdings;
}

export async function getSiteStored(): Promise<Holding[]> {
  return (await take(client.GET("/api/v1/site/stored"))).holdings;
}

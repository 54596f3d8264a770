/** Whom the member takes nothing of. */
import { client, take } from "./client.ts";
import type { components } from "./schema.gen.ts";

export type PersonBlock = components["schemas"]["PersonBlockShape"];

export async function getPersonBlocks(): Promise<PersonBlock[]> {
  return (await take(client.GET("/api/v1/blocks"))).blocks;
}

export async function blockPerson(address: string, account: string): Promise<void> {
  await take(client.POST("/api/v1/blocks", { body: { address, account } }));
}

export async function unblockPerson(address: string): Promise<void> {
  await take(client.DELETE("/api/v1/blocks/{address}", { params: { path: { address } } }));
}

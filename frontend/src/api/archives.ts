/** Taking posts out, and bringing archives in, piece by piece. */
import { client, take } from "./client.ts";
import type { PostImport } from "./types.ts";

export const EXPORT_URL = "/api/v1/posts/export";
const PIECE = 4 * 1024 * 1024;

export async function getImports(): Promise<PostImport[]> {
  return (await take(client.GET("/api/v1/imports"))).imports;
}

/** Sends a file; `told` hears how many bytes are there. The import starts with the last piece. */
export async function sendArchive(file: File, told: (bytes: number) => void): Promise<PostImport> {
  let last = await take(client.POST("/api/v1/imports", { body: { name: file.name, size: file.size } }));
  const path = { id: last.id };
  for (let offset = 0; offset < file.size; offset += PIECE) {
    const piece = file.slice(offset, offset + PIECE);
    last = await take(
      client.PUT("/api/v1/imports/{id}", {
        params: { path, query: { offset: String(offset) } },
        body: piece as unknown as string,
        bodySerializer: () => piece,
        headers: { "Content-Type": "application/octet-stream" },
      }),
    );
    told(Math.min(offset + PIECE, file.size));
  }
  return last;
}

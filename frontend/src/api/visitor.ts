/** Which visitor this browser's session is (SPEC 4.10). */
import type { Certificate } from "../protocol/certificates.ts";
import { client, take } from "./client.ts";
import type { components } from "./schema.gen.ts";

export type VisitorInfo = components["schemas"]["VisitorShape"];

export function getVisitor(): Promise<VisitorInfo> {
  return take(client.GET("/api/v1/visitor"));
}

export function beginAsVisitor(certificate: Certificate, facts: string): Promise<VisitorInfo> {
  return take(client.POST("/api/v1/visitor", { body: { certificate: { ...certificate }, facts } }));
}

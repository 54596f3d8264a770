/** Whom one takes nothing of: the site drops what they send, and they are not told. */
import { computed } from "@preact/signals";
import * as api from "../api/person-blocks.ts";
import * as identity from "./identity.ts";
import { resource } from "./resource.ts";
import { onLogout } from "./session.ts";

export const personBlocks = resource<api.PersonBlock[]>(api.getPersonBlocks);

export function isBlocked(address: string) {
  return computed(() => personBlocks.data.value?.some((one) => one.address === address) ?? false);
}

export async function blockPerson(address: string, account: string | null): Promise<void> {
  await identity.hideFrom(address);
  await api.blockPerson(address, account ?? "");
  await personBlocks.load();
}

export async function unblockPerson(address: string): Promise<void> {
  await api.unblockPerson(address);
  await personBlocks.load();
}

onLogout(() => personBlocks.forget());

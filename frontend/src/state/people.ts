/** Looking people up, following them, and what is known of somebody whose page was opened. */
import { computed } from "@preact/signals";
import * as api from "../api/people.ts";
import type { Follow, FollowChange, FollowPreview, OpmlReport, Person } from "../api/types.ts";
import { addressText } from "./addresses.ts";
import { resource, resources } from "./resource.ts";
import { onLogout } from "./session.ts";
import { lookForNew } from "./timeline.ts";

export const following = resource<Follow[]>(api.getFollows);

const looked = resources<Person>(api.lookUp);

/** What a lookup of an address or URL gives. */
export function person(address: string) {
  return looked.of(address);
}

/** The follow that belongs to a person, undefined when not followed or not known yet. */
export function followOf(who: Person) {
  return computed(() => following.data.value?.find((one) => one.address === addressText(who.address)));
}

/** `address` is an address or URL as `lookUp` takes it. */
export async function follow(address: string): Promise<void> {
  const added = await api.follow(address);
  const others = (following.data.value ?? []).filter((one) => one.id !== added.id);
  following.put([...others, added]);
  void lookForNew();
}

const previews = resources<FollowPreview>(api.lookAtFeed);

/** What an address or URL would bring, asked when it is first shown. */
export function preview(address: string) {
  return previews.of(address);
}

export { OPML_PATH } from "../api/people.ts";

async function changed(id: number, change: FollowChange): Promise<void> {
  const now = await api.changeFollow(id, change);
  following.put((following.data.value ?? []).map((one) => (one.id === id ? now : one)));
}

export function rename(id: number, title: string): Promise<void> {
  return changed(id, { title: title.trim() });
}

export function mute(id: number, muted: boolean): Promise<void> {
  return changed(id, { muted });
}

export async function importList(file: File): Promise<OpmlReport> {
  const report = await api.importOpml(await file.text());
  await following.load();
  return report;
}

export async function unfollow(id: number): Promise<void> {
  await api.unfollow(id);
  following.put((following.data.value ?? []).filter((one) => one.id !== id));
}

const ADDRESS = /^@[a-z0-9](?:[a-z0-9_-]{0,30}[a-z0-9])?@(?:\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::[0-9]{1,5})?$/i;

/** What somebody typed, as an address or URL to look up; null when it is neither. A bare `name@host` gets its `@`. */
export function readAddress(typed: string): string | null {
  const text = typed.trim();
  if (ADDRESS.test(text)) return text.toLowerCase();
  if (ADDRESS.test(`@${text}`)) return `@${text.toLowerCase()}`;
  const url = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  if (/\s/.test(text) || !URL.canParse(url) || !/[.:]/.test(new URL(url).host)) return null;
  return url;
}

onLogout(() => {
  following.forget();
  looked.forget();
  previews.forget();
});

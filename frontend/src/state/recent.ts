/** What members bump and recommend, and one's own posts with their pins and earlier versions. */
import type { OwnPost, PostVersion, RecentViews, TimelineItem } from "../api/types.ts";
import {
  bumpPost,
  getOwnPosts,
  getRecent,
  getVersions,
  pinPost,
  recommendThing,
  unpinPost,
} from "../api/writing.ts";
import { resource, resources } from "./resource.ts";
import { onLogout } from "./session.ts";
import { changeShown } from "./timeline.ts";

export const recent = resource<RecentViews>(getRecent);
export const ownPosts = resource<OwnPost[]>(getOwnPosts);
export const versions = resources<PostVersion[]>((id) => getVersions(Number(id)));

/** Lifts a post into the recent views. */
export async function bump(item: TimelineItem): Promise<void> {
  await bumpPost(item.id);
  changeShown({ ...item, bumped: Date.now() });
  if (recent.data.value) void recent.load();
}

export async function recommend(item: TimelineItem, wanted: boolean): Promise<void> {
  await recommendThing(item.id, wanted);
  changeShown({ ...item, recommended: wanted });
  if (recent.data.value) void recent.load();
}

export async function pin(post: OwnPost, wanted: boolean): Promise<void> {
  const changed = await (wanted ? pinPost(post.id) : unpinPost(post.id));
  ownPosts.put((ownPosts.data.value ?? []).map((one) => (one.id === changed.id ? changed : one)));
}

onLogout(() => {
  recent.forget();
  ownPosts.forget();
  versions.forget();
});

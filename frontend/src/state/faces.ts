/** Pictures of people by their address, as far as lists that were loaded anyway name them. */
import { computed } from "@preact/signals";
import { addressText } from "./addresses.ts";
import { facesHere } from "./company.ts";
import { following } from "./people.ts";
import { me } from "./session.ts";
import { timeline } from "./timeline.ts";

const known = computed(() => {
  const found = new Map<string, string>();
  const tell = (address: string | null, picture: string | null) => {
    if (address && picture) found.set(address, picture);
  };
  for (const { author } of timeline.data.value ?? []) tell(author.address, author.picture);
  for (const one of following.data.value ?? []) tell(one.address, one.picture);
  for (const [address, picture] of facesHere.value) tell(address, picture);
  const self = me.value;
  if (self) tell(addressText(self.address), self.profile.picture?.small ?? null);
  return found;
});

/** Where a small square of somebody is found; null where none is known. */
export function faceOf(address: string | null | undefined): string | null {
  return (address && known.value.get(address)) || null;
}

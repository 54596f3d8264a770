/** Comments on other sites, which stay there when the account goes: taken back by a signature of this device. */
import { computed, signal } from "@preact/signals";
import { asApiError } from "../api/errors.ts";
import { getSent, takeBack } from "../api/sent.ts";
import type { SentComment } from "../api/types.ts";
import { signCommentChange } from "./identity.ts";
import { resource } from "./resource.ts";
import { me, onLogout } from "./session.ts";

export const sent = resource<SentComment[]>(getSent);

/** Those that still say something elsewhere. */
export const standing = computed(() => (sent.data.value ?? []).filter((one) => !one.taken_back));

/** How many of how many are signed, while all are taken back. */
export const takingBack = signal<{ readonly done: number; readonly total: number } | null>(null);

/** Signs that each is taken back, one after another; as fast as the site lets. Errors: those of the API, `no_keys`. */
export async function takeAllBack(): Promise<void> {
  const all = standing.value;
  try {
    for (const [done, one] of all.entries()) {
      takingBack.value = { done, total: all.length };
      sent.put(await patiently(() => withdraw(one)));
    }
  } finally {
    takingBack.value = null;
  }
}

async function withdraw({ ref, number, post, time }: SentComment): Promise<SentComment[]> {
  const name = me.value?.profile.name || me.value?.username || "";
  const change = { comment: ref, name, number: number + 1, post, text: null, written: time };
  return takeBack(await signCommentChange(change));
}

/** Again once the site has said how long to wait. */
async function patiently<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch (thrown) {
      const { code, wait } = asApiError(thrown);
      if (code !== "too_many" || wait === null) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    }
  }
}

onLogout(() => {
  sent.forget();
  takingBack.value = null;
});

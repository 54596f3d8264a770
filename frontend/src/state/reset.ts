/** A new password by the recovery phrase (SPEC 4.12): fetched when wanted, for the keys it brings along. */
import * as api from "../api/security.ts";
import { seedFromPhrase } from "../protocol/phrase.ts";
import { type Factors, makeReset } from "../protocol/reset.ts";
import { WORDLIST } from "../protocol/wordlist.ts";
import { signHandleFromSeed, signKey } from "../storage/webcrypto.ts";
import { loadSodium } from "./engine/sodium.ts";
import { site } from "./session.ts";

/**
 * Sets a new password with the 24 words, which leave neither this function nor the browser. `drop` takes the second factors
 * away as well. Errors: `recovery_phrase`, `reset_refused`, `weak_password`, `too_many`.
 */
export async function resetPassword(
  username: string,
  words: string,
  password: string,
  keep: Factors,
): Promise<void> {
  const here = site.peek();
  if (here === null) return;
  const seed = seedFromPhrase(words, WORDLIST);
  const account = signKey(await signHandleFromSeed(seed, (await loadSodium()).signPublic(seed)));
  seed.fill(0);
  const { nonce, expires } = await api.askReset(username);
  const address = { ...here.address, username };
  await api.resetPassword(await makeReset(account, { address, nonce, expires, factors: keep }), password);
}

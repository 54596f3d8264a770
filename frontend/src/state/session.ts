/**
 * Who is logged in here, and at which site. `begin` is called once by the app; everything else follows from `session`.
 * The private side (keys, conversations) is started and stopped with it.
 */
import { computed, effect, signal } from "@preact/signals";
import * as auth from "../api/auth.ts";
import { whenLoggedOut } from "../api/client.ts";
import { type ApiError, asApiError } from "../api/errors.ts";
import { redeemInvite } from "../api/invites.ts";
import { showLight } from "../api/people.ts";
import { getMe, getSite, redeemSetup, saveLanguage, savePicture, saveProfile } from "../api/site.ts";
import type { Language, Me, PictureChoice, ProfileFields, SiteInfo } from "../api/types.ts";
import { connection, reconnect } from "./connection.ts";
import { forgetDrafts } from "./drafts.ts";
import * as identity from "./identity.ts";

export type Session =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly fault: ApiError }
  | { readonly state: "out"; readonly site: SiteInfo }
  | { readonly state: "in"; readonly site: SiteInfo; readonly me: Me };

export const session = signal<Session>({ state: "loading" });
export const me = computed(() => (session.value.state === "in" ? session.value.me : null));
export const site = computed(() =>
  session.value.state === "in" || session.value.state === "out" ? session.value.site : null,
);

const endings: (() => void)[] = [];

/** Registers what must be forgotten when somebody logs out. */
export function onLogout(forget: () => void): void {
  endings.push(forget);
}

async function whoAmI(): Promise<Me | null> {
  try {
    return await getMe();
  } catch (thrown) {
    const fault = asApiError(thrown);
    if (fault.status === 401) return null;
    throw fault;
  }
}

/** The site says that nobody is logged in any more: find out, and stop showing what is private. */
whenLoggedOut(() => {
  if (session.peek().state !== "in") return;
  void identity.stop();
  void begin();
});

const LOOK_AGAIN_MS = 30_000;
let looked = Number.NEGATIVE_INFINITY;

/** The site closed the connection of this login, or lists the device no more: if the login itself still stands, connect anew. */
effect(() => {
  const { fault } = connection.value;
  if ((fault !== "not_proven" && fault !== "refused") || session.peek().state !== "in") return;
  if (Date.now() - looked < LOOK_AGAIN_MS) return;
  looked = Date.now();
  void whoAmI()
    .then((who) => who && fault === "not_proven" && reconnect())
    .catch(() => undefined);
});

export async function begin(): Promise<void> {
  session.value = { state: "loading" };
  try {
    const [found, who] = await Promise.all([getSite(), whoAmI()]);
    session.value = who ? { state: "in", site: found, me: who } : { state: "out", site: found };
    if (who) await startPrivateSide(who);
  } catch (thrown) {
    session.value = { state: "failed", fault: asApiError(thrown) };
  }
}

/** What fails here is shown by `identity`, never by the public side. */
async function startPrivateSide(who: Me): Promise<void> {
  const { username, address, account, profile } = who;
  await identity.start({ username, address, account, name: profile.name || username }).catch(() => undefined);
}

/** An earlier try got that far already. */
function unlessLoggedIn(thrown: unknown): void {
  if (asApiError(thrown).code !== "already_logged_in") throw thrown;
}

/** What lets somebody sign up: the link of the site's first run, or an invite. */
export interface Entry {
  readonly by: "setup" | "invite";
  readonly token: string;
}

/** First run, step one. Repeating it after a failure in the middle is fine. */
export async function setUp(
  entry: Entry,
  fields: { name: string; username: string; password: string; language: Language },
): Promise<void> {
  await (entry.by === "invite" ? redeemInvite : redeemSetup)(entry.token);
  await auth.signUp(fields.username, fields.password).catch(unlessLoggedIn);
  await saveProfile({ name: fields.name });
  await saveLanguage(fields.language);
  await begin();
}

export async function logOut(): Promise<void> {
  identity.leave();
  await auth.logOut();
  await closeHere();
}

/** The login is over: this browser stops, and shows the door. */
export async function closeHere(): Promise<void> {
  const who = me.value;
  await identity.stop();
  if (who) forgetDrafts(who.username);
  for (const forget of endings) forget();
  await begin();
}

/** Keeps a changed profile in the session. */
export async function changeProfile(fields: ProfileFields): Promise<void> {
  const profile = await saveProfile(fields);
  const now = session.value;
  if (now.state === "in") session.value = { ...now, me: { ...now.me, profile } };
}

/** Lets others on this site, and contacts elsewhere, see that one is connected, or not. */
export async function changeLightShown(shown: boolean): Promise<void> {
  await showLight(shown);
  void identity.lightChanged();
  const now = session.value;
  if (now.state === "in") session.value = { ...now, me: { ...now.me, light_shown: shown } };
}

/** Shows another picture of oneself, or none. */
export async function changePicture(choice: PictureChoice | null): Promise<void> {
  const profile = await savePicture(choice);
  const now = session.value;
  if (now.state === "in") session.value = { ...now, me: { ...now.me, profile } };
}

/** Keeps a changed language in the session. */
export async function changeLanguage(language: Language): Promise<void> {
  await saveLanguage(language);
  const now = session.value;
  if (now.state === "in") session.value = { ...now, me: { ...now.me, language } };
}

/** The site and who is logged in. */
import { client, take } from "./client.ts";
import type { Language, Me, PictureChoice, Profile, ProfileFields, SiteInfo } from "./types.ts";

export function getSite(): Promise<SiteInfo> {
  return take(client.GET("/api/v1/site"));
}

/** Lets this session sign up once. Errors: `setup_token`. */
export async function redeemSetup(token: string): Promise<void> {
  await take(client.POST("/api/v1/setup", { body: { token } }));
}

/** Errors: `not_authenticated`. */
export function getMe(): Promise<Me> {
  return take(client.GET("/api/v1/me"));
}

export async function saveLanguage(language: Language): Promise<void> {
  await take(client.PUT("/api/v1/me/language", { body: { language } }));
}

export function saveProfile(fields: Partial<ProfileFields>): Promise<Profile> {
  return take(client.PATCH("/api/v1/me/profile", { body: fields }));
}

/** Shows one of one's own pictures, or none. Errors: those of files. */
export function savePicture(picture: PictureChoice | null): Promise<Profile> {
  return take(client.PATCH("/api/v1/me/profile", { body: { picture } }));
}

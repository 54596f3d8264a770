/** The own site's REST for the private side. */

import { getAboutSite } from "../../api/about-site.ts";
import { client, take } from "../../api/client.ts";
import { nameDevice } from "../../api/devices.ts";
import type { DeviceListWire } from "../../protocol/certificates.ts";
import type { SitePort } from "./outside.ts";

export const site: SitePort = {
  async putDeviceList(list: DeviceListWire, revocations, proof) {
    const statements = { list: { ...list }, revocations: revocations.map((each) => ({ ...each })) };
    const body = proof === undefined ? statements : { ...statements, proof: { ...proof } };
    await take(client.PUT("/api/v1/keys/list", { body }));
  },
  async ownKeys() {
    const { list, revocations, freshness } = await take(client.GET("/api/v1/keys"));
    return { list, revocations, freshness };
  },
  async abandon(username) {
    await take(client.POST("/api/v1/keys/abandon", { body: { username } }));
  },
  async prekeysLeft(device) {
    const { prekeys_left } = await take(client.GET("/api/v1/keys"));
    return prekeys_left[device] ?? null;
  },
  async nameDevice(device, name) {
    await nameDevice(device, name);
  },
  aboutSite: getAboutSite,
  async lightShown() {
    return (await take(client.GET("/api/v1/me"))).light_shown;
  },
  async waitingVaults() {
    const found = await take(client.GET("/api/v1/vaults/waiting"));
    return found.map(({ slot, name, since, role }) => ({
      slot,
      name,
      since,
      role: role === "member" ? "member" : "vault",
    }));
  },
  async signedPosts(after) {
    const query = { after: String(after) };
    return take(client.GET("/api/v1/posts/statements", { params: { query } }));
  },
};

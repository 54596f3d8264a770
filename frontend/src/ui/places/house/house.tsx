/** The house: profile, devices and keys, vault, this site, and the way out. */
import { useSignal } from "@preact/signals";
import { Link } from "wouter-preact";
import { identity } from "../../../state/identity.ts";
import { mayModerate } from "../../../state/moderation.ts";
import { logOut, me } from "../../../state/session.ts";
import { type Key, t } from "../../catalogue/catalogue.ts";
import { Icon } from "../../icon.tsx";
import { Page } from "../../page.tsx";
import { Button, OutButton, PlaceButton } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Confirm } from "../../parts/dialog.tsx";
import { FormFault } from "../../parts/states.tsx";
import type { IconName } from "../../shapes.ts";
import { Data } from "./data.tsx";
import { Devices } from "./devices.tsx";
import { Files } from "./files.tsx";
import { Invites } from "./invites.tsx";
import { Keys } from "./keys.tsx";
import { LanguageRoom } from "./language.tsx";
import { Moderation } from "./moderation.tsx";
import { Posts } from "./posts.tsx";
import { ProfileRoom } from "./profile.tsx";
import { Security } from "./security/security.tsx";
import { Site } from "./site.tsx";
import { Vault } from "./vault.tsx";
import "../../style/house.css";

const rooms = {
  profile: ProfileRoom,
  posts: Posts,
  security: Security,
  devices: Devices,
  keys: Keys,
  vault: Vault,
  files: Files,
  language: LanguageRoom,
  site: Site,
  data: Data,
  invites: Invites,
  moderation: Moderation,
} as const;
type Room = keyof typeof rooms;

const lines: readonly [room: Room, icon: IconName][] = [
  ["profile", "pencil"],
  ["posts", "file-text"],
  ["security", "lock-keyhole"],
  ["devices", "monitor"],
  ["keys", "key-round"],
  ["vault", "vault"],
  ["files", "folder"],
  ["language", "languages"],
  ["site", "globe"],
  ["data", "archive"],
  ["invites", "user-plus"],
  ["moderation", "shield"],
];

function mayEnter(room: Room): boolean {
  if (room === "moderation") return mayModerate.value;
  return room !== "invites" || (me.value?.may_invite ?? false);
}

export default function House({ room }: { room: string | null }) {
  if (room && room in rooms) {
    const Shown = rooms[room as Room];
    return (
      <Page title={t(`${room as Room}.title`)} back={{ to: "/house", label: t("house.back") }}>
        <Shown />
      </Page>
    );
  }
  return (
    <Page title={t("house.title")}>
      {identity.value.status === "none" && (
        <div class="bar">
          <Icon name="key-round" />
          <p>{t("unlinked.setup")}</p>
          <PlaceButton to="/setup" kind="primary">
            {t("unlinked.setupNow")}
          </PlaceButton>
        </div>
      )}
      <nav aria-label={t("house.nav")}>
        <ul class="bare people-list">
          {lines
            .filter(([name]) => mayEnter(name))
            .map(([name, icon]) => (
              <li key={name}>
                <Link to={`/house/${name}`} className="house-line">
                  <Icon name={icon} />
                  <span>
                    <strong>{t(`house.${name}`)}</strong>
                    <span class="small muted">{t(`house.${name}Hint` satisfies Key)}</span>
                  </span>
                  <Icon name="chevron-right" mirrored />
                </Link>
              </li>
            ))}
        </ul>
      </nav>
      <div class="row">
        <OutButton href={`/@${me.value?.username ?? ""}`} icon="globe">
          {t("app.openPublic")}
        </OutButton>
        <LogOut />
      </div>
    </Page>
  );
}

function LogOut() {
  const asking = useSignal(false);
  const leaving = useDeed();
  return (
    <>
      <Button
        icon="log-out"
        mirrored
        onPress={() => {
          asking.value = true;
        }}
      >
        {t("house.logout")}
      </Button>
      <FormFault fault={leaving.fault.value} />
      {asking.value && (
        <Confirm
          title={t("house.logoutTitle")}
          hint={t("house.logoutHint")}
          deed={t("house.logoutNow")}
          kind="primary"
          busy={leaving.busy.value}
          onConfirm={async () => {
            await leaving.run(logOut);
            asking.value = false;
          }}
          onClose={() => {
            asking.value = false;
          }}
        />
      )}
    </>
  );
}

/** The frame around the four places: who you are, the light, the places, what is shown. */
import type { ComponentChildren } from "preact";
import { Link, useLocation } from "wouter-preact";
import { addressText } from "../state/addresses.ts";
import { waitingCount } from "../state/comments.ts";
import { unread } from "../state/conversations.ts";
import { online } from "../state/online.ts";
import { me } from "../state/session.ts";
import { t } from "./catalogue/catalogue.ts";
import { Icon } from "./icon.tsx";
import { OwnLight } from "./own-light.tsx";
import { AddressText } from "./parts/address.tsx";
import { Avatar } from "./parts/avatar.tsx";
import { KeyAlarm } from "./parts/key-alarm.tsx";
import { NoticeArea } from "./parts/notice.tsx";
import type { IconName } from "./shapes.ts";
import { Shortcuts, ShortcutsButton, useShortcuts } from "./shortcuts.tsx";

const PORCH_ROOMS = ["/waiting", "/drafts", "/recent", "/search", "/posts"];

interface Place {
  readonly to: string;
  readonly name: string;
  readonly icon: IconName;
  readonly waiting: number;
  readonly here: (path: string) => boolean;
}

function places(): Place[] {
  const under = (start: string) => (path: string) => path === start || path.startsWith(`${start}/`);
  const porch = (path: string) => path === "/" || PORCH_ROOMS.some((room) => under(room)(path));
  return [
    { to: "/", name: t("place.porch"), icon: "lamp", waiting: waitingCount.value, here: porch },
    {
      to: "/talk",
      name: t("place.talk"),
      icon: "message-circle",
      waiting: unread.value,
      here: under("/talk"),
    },
    { to: "/people", name: t("place.people"), icon: "users", waiting: 0, here: under("/people") },
    { to: "/house", name: t("place.house"), icon: "house", waiting: 0, here: under("/house") },
  ];
}

function You() {
  const who = me.value;
  const name = who?.profile.name || who?.username || "";
  return (
    <div class="you">
      <Link to="/house/profile" className="who">
        <Avatar name={name} picture={who?.profile.picture?.small} />
        <span>
          <span class="name">{name}</span>
          {who && <AddressText text={addressText(who.address)} class="address" />}
        </span>
      </Link>
      <OwnLight />
    </div>
  );
}

function Places() {
  const [path] = useLocation();
  return (
    <nav class="places" aria-label={t("place.nav")}>
      <ul class="bare">
        {places().map(({ to, name, icon, waiting, here }) => (
          <li key={to}>
            <Link to={to} aria-current={here(path) ? "page" : undefined}>
              <Icon name={icon} />
              <span>{name}</span>
              {waiting > 0 && (
                <span class="count">
                  <span aria-hidden="true">{waiting > 99 ? "99+" : waiting}</span>
                  <span class="hidden-visually">{t("place.waiting", { count: waiting })}</span>
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

export function Shell({ children }: { children: ComponentChildren }) {
  useShortcuts();
  return (
    <div class="shell">
      <a class="button primary skip" href="#content">
        {t("app.skip")}
      </a>
      <header class="rail">
        <You />
        <Places />
        <div class="rail-end">
          <ShortcutsButton />
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {!online.value && (
          <p class="bar offline" role="status">
            <Icon name="wifi-off" /> <span>{t("offline.bar")}</span>
          </p>
        )}
        <KeyAlarm />
        {children}
      </main>
      <NoticeArea />
      <Shortcuts />
    </div>
  );
}

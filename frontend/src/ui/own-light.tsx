/** The light of whoever is logged in, with what waits to be seen. */
import { Link } from "wouter-preact";
import { connection, reconnect } from "../state/connection.ts";
import { identity } from "../state/identity.ts";
import { type News, news, seeNews, unseen } from "../state/news.ts";
import { t } from "./catalogue/catalogue.ts";
import { Icon } from "./icon.tsx";
import { type LampState, LightButton } from "./light.tsx";
import { PlaceButton } from "./parts/button.tsx";
import { Time } from "./parts/time.tsx";

const means = {
  green: "light.green.means",
  yellow: "light.yellow.means",
  orange: "light.orange.means",
  red: "light.red.means",
  none: "light.none.means",
} as const;

/** What the light shows: without keys in this browser there is nothing to connect. */
export function lampState(): LampState {
  const { status } = identity.value;
  if (status === "none" || status === "unlinked" || status === "signed-out" || status === "failed")
    return "none";
  return status === "loading" ? "yellow" : connection.value.light;
}

export function OwnLight() {
  return (
    <LightButton
      state={lampState()}
      view={connection.value}
      means={means}
      path="light.path.relayed"
      pulsing={unseen.value}
      onReconnect={reconnect}
      onSeen={seeNews}
    >
      <NewsList />
      <PlaceButton to="/house/devices" icon="key-round">
        {t("light.devices")}
      </PlaceButton>
    </LightButton>
  );
}

function NewsList() {
  const found = news.value;
  return (
    <section aria-label={t("news.title")}>
      <h3 class="news-title">
        <Icon name="bell" /> {t("news.title")}
      </h3>
      {found.length === 0 && <p class="muted">{t("news.none")}</p>}
      <ul class="bare news">
        {found.map((one) => (
          <li key={one.key}>
            <NewsLine one={one} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const places = { comments: "/waiting", messages: "/talk", reports: "/house/moderation" } as const;

function NewsLine({ one }: { one: News }) {
  if (one.kind === "notice") return <NoticeText text={one.text} at={one.at} />;
  return <Link to={places[one.kind]}>{t(`news.${one.kind}`, { count: one.count })}</Link>;
}

export function NoticeText({ text, at }: { text: string; at: number }) {
  return (
    <>
      <p dir="auto">{text}</p>
      <p class="small muted">
        {t("news.fromModerators")} <Time at={at} />
      </p>
    </>
  );
}

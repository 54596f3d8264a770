/** The porch light on a public page: put into its head, and what moderators say to this device below it. */
import { useSignal } from "@preact/signals";
import { render } from "preact";
import { reconnectVisitor, visit, visitorConnection } from "../state/visitor.ts";
import { choose, setLanguage, t } from "./catalogue/catalogue.ts";
import { LightButton } from "./light.tsx";
import { Button } from "./parts/button.tsx";
import { Time } from "./parts/time.tsx";
import "./style/controls.css";
import "./style/light.css";
import "./style/visitor.css";

const means = {
  green: "visitor.green",
  yellow: "visitor.yellow",
  orange: "visitor.orange",
  red: "visitor.red",
  none: "visitor.red",
} as const;

function VisitorLight() {
  const seen = useSignal<string | null>(null);
  const view = visitorConnection.value;
  const newest = view.notices.at(-1) ?? null;
  const news = newest !== null && newest.id !== seen.value ? newest : null;
  const see = () => {
    seen.value = newest?.id ?? null;
  };
  return (
    <>
      <LightButton
        state={view.light}
        view={view}
        means={means}
        path="visitor.path"
        pulsing={news !== null}
        onReconnect={reconnectVisitor}
        onSeen={see}
      >
        <p class="small muted">{t("visitor.key")}</p>
      </LightButton>
      {news && (
        <div class="visitor-notice" role="alert">
          <p dir="auto">{news.text}</p>
          <p class="small muted">
            {t("news.fromModerators")} <Time at={news.at} />
          </p>
          <Button onPress={see}>{t("visitor.seen")}</Button>
        </div>
      )}
    </>
  );
}

/** Languages, time zone, screen and machine: kept by the site as a salted hash only. */
function facts(): string {
  const { languages, hardwareConcurrency, maxTouchPoints } = navigator;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const { width, height, colorDepth } = screen;
  return JSON.stringify([
    languages,
    timeZone,
    width,
    height,
    colorDepth,
    hardwareConcurrency,
    maxTouchPoints,
  ]);
}

export async function lightUp(): Promise<void> {
  const head = document.querySelector("header.top");
  if (head === null) return;
  await setLanguage(choose([document.documentElement.lang]));
  const place = document.createElement("div");
  place.className = "visitor-light";
  head.insertBefore(place, head.lastElementChild);
  render(<VisitorLight />, place);
  visit(facts());
}

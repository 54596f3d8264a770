/** What a browser without keys is told at private places: why, what works here, and what to do. */
import { identity } from "../../state/identity.ts";
import { t } from "../catalogue/catalogue.ts";
import { Icon } from "../icon.tsx";
import { PlaceButton } from "../parts/button.tsx";
import { Failure, Skeleton } from "../parts/states.tsx";
import { LinkByPhrase, LinkThis } from "./link.tsx";
import { StartAnew } from "./start-anew.tsx";

/** Null where the private side is ready; otherwise what to show instead. */
export function privateGate() {
  const { status, fault } = identity.value;
  switch (status) {
    case "ready":
      return null;
    case "loading":
    case "signed-out":
      return <Skeleton />;
    case "failed":
      return (
        <Failure
          title={t("talk.failed")}
          fault={{ code: fault ?? "unknown" }}
          onRetry={() => window.location.reload()}
        />
      );
    case "none":
      return <NoKeysYet />;
    case "unlinked":
      return <Unlinked />;
  }
}

function NoKeysYet() {
  return (
    <div class="card">
      <h2>{t("unlinked.title")}</h2>
      <p>{t("unlinked.setup")}</p>
      <PlaceButton to="/setup" kind="primary" icon="key-round">
        {t("unlinked.setupNow")}
      </PlaceButton>
    </div>
  );
}

function Unlinked() {
  return (
    <div class="card unlinked">
      <h2>
        <Icon name="key-round" /> {t("unlinked.title")}
      </h2>
      <p>{t("unlinked.lead")}</p>
      <h3>{t("unlinked.what")}</h3>
      <LinkThis />
      <h3>{t("link.phraseTitle")}</h3>
      <LinkByPhrase />
      <p>{t("unlinked.evicted")}</p>
      <StartAnew />
    </div>
  );
}

/** This site: its address and key, your feeds, and what its server can see. */
import { addressText } from "../../../state/addresses.ts";
import { ownsSite } from "../../../state/moderation.ts";
import { tell } from "../../../state/notices.ts";
import { me, site } from "../../../state/session.ts";
import { t } from "../../catalogue/catalogue.ts";
import { AddressText } from "../../parts/address.tsx";
import { Button } from "../../parts/button.tsx";
import { Themes } from "./themes.tsx";

export function Site() {
  const here = site.value;
  const who = me.value;
  if (!here || !who) return null;
  const address = addressText(who.address);
  return (
    <>
      <section class="card" aria-labelledby="site-you">
        <h2 id="site-you">{t("site.you")}</h2>
        <div class="row apart">
          <p>
            <AddressText text={address} class="key" />
          </p>
          <CopyButton text={address} />
        </div>
        <p class="small muted">{t("site.youHint")}</p>
        <p>
          {t("site.feeds")}: <a href={`/@${who.username}/feed.json`}>JSON Feed</a>,{" "}
          <a href={`/@${who.username}/feed.atom`}>Atom</a>
        </p>
      </section>
      <section class="card" aria-labelledby="site-here">
        <h2 id="site-here">{here.name}</h2>
        <dl class="facts">
          <dt>{t("site.address")}</dt>
          <dd>
            <AddressText text={addressText(here.address)} />
          </dd>
          <dt>{t("site.key")}</dt>
          <dd>
            <AddressText text={here.key} class="key" />
          </dd>
        </dl>
        <p class="small muted">{t("site.keyHint")}</p>
      </section>
      {ownsSite.value && <Themes />}
      <section class="card" aria-labelledby="site-sees">
        <h2 id="site-sees">{t("site.sees")}</h2>
        <p>{t("site.seesHint")}</p>
      </section>
    </>
  );
}

function CopyButton({ text }: { text: string }) {
  return (
    <Button
      icon="copy"
      onPress={async () => {
        await navigator.clipboard.writeText(text);
        tell(t("site.copied"));
      }}
    >
      {t("site.copy")}
    </Button>
  );
}

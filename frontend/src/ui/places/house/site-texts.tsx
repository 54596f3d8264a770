/** Rules, privacy, imprint and where to complain: the owner's words on public pages. */
import { useSignal } from "@preact/signals";
import { ownsSite, type SiteText, siteTexts, writeSiteText } from "../../../state/moderation.ts";
import { tell } from "../../../state/notices.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Button, OutButton } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { LongField } from "../../parts/field.tsx";
import { FormFault, Loaded } from "../../parts/states.tsx";

export function SiteTexts() {
  return (
    <section class="card stack" aria-labelledby="texts-title">
      <h2 id="texts-title">{t("texts.title")}</h2>
      <p class="muted">{t(ownsSite.value ? "texts.lead" : "texts.ownerOnly")}</p>
      <Loaded from={siteTexts} failed={t("texts.failed")}>
        {(found) => (
          <>
            {found.map((one) => (
              <TextForm key={one.name} one={one} />
            ))}
          </>
        )}
      </Loaded>
    </section>
  );
}

function TextForm({ one }: { one: SiteText }) {
  const source = useSignal(one.source);
  const saving = useDeed();
  const save = () =>
    saving.run(async () => {
      await writeSiteText(one.name, source.value);
      tell(t("texts.saved"));
    });
  return (
    <div class="stack close">
      <LongField
        label={t(`texts.${one.name}`)}
        hint={t(`texts.${one.name}Hint`)}
        value={source.value}
        onText={(given) => {
          source.value = given;
        }}
        attributes={{ maxLength: 50_000, readOnly: !ownsSite.value }}
      />
      <FormFault fault={saving.fault.value} />
      <div class="row">
        {ownsSite.value && (
          <Button busy={saving.busy.value} disabled={source.value === one.source} onPress={save}>
            {t("app.save")}
          </Button>
        )}
        {one.name !== "contact" && (
          <OutButton href={`/${one.name}`} icon="globe" kind="quiet">
            {t("texts.open")}
          </OutButton>
        )}
      </div>
    </div>
  );
}

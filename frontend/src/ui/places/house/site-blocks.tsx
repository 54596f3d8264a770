/** Sites that this site has nothing to do with. */
import { useSignal } from "@preact/signals";
import { blockSites, ownsSite, siteBlocks, unblockSites } from "../../../state/moderation.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Field } from "../../parts/field.tsx";
import { FormFault, Loaded } from "../../parts/states.tsx";
import { BlockList } from "./block-list.tsx";

export function SiteBlocks() {
  return (
    <section class="card stack" aria-labelledby="site-blocks-title">
      <h2 id="site-blocks-title">{t("siteBlocks.title")}</h2>
      <p class="muted">{t("siteBlocks.lead")}</p>
      <Loaded
        from={siteBlocks}
        failed={t("siteBlocks.failed")}
        isEmpty={(found) => found.length === 0}
        empty={<p class="muted">{t("siteBlocks.none")}</p>}
      >
        {(found) => (
          <ul class="bare lines">
            {found.map(({ id, pattern, reason }) => (
              <li key={id}>
                <span>
                  <strong>
                    <bdi>{pattern}</bdi>
                  </strong>
                  {reason && <span class="small muted reason">{reason}</span>}
                </span>
                {ownsSite.value && <End id={id} />}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {ownsSite.value && <Add />}
      {ownsSite.value && <BlockList />}
    </section>
  );
}

function End({ id }: { id: number }) {
  const ending = useDeed();
  return (
    <div>
      <Button kind="quiet" busy={ending.busy.value} onPress={() => ending.run(() => unblockSites(id))}>
        {t("siteBlocks.end")}
      </Button>
      <FormFault fault={ending.fault.value} />
    </div>
  );
}

function Add() {
  const pattern = useSignal("");
  const reason = useSignal("");
  const adding = useDeed();
  const add = async () => {
    if (!(await adding.run(() => blockSites(pattern.value.trim(), reason.value.trim())))) return;
    pattern.value = "";
    reason.value = "";
  };
  return (
    <>
      <Field
        label={t("siteBlocks.pattern")}
        hint={t("siteBlocks.patternHint")}
        value={pattern.value}
        onText={(given) => {
          pattern.value = given;
        }}
        attributes={{ maxLength: 253, autocapitalize: "off", spellcheck: false }}
      />
      <Field
        label={t("siteBlocks.reason")}
        value={reason.value}
        onText={(given) => {
          reason.value = given;
        }}
        attributes={{ maxLength: 200 }}
      />
      <FormFault fault={adding.fault.value} />
      <div class="row">
        <Button icon="ban" busy={adding.busy.value} disabled={!pattern.value.trim()} onPress={add}>
          {t("siteBlocks.add")}
        </Button>
      </div>
    </>
  );
}

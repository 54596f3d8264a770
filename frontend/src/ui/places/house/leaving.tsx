/** Deleting one's account: what goes when, and the name typed once more. */
import { useSignal } from "@preact/signals";
import { leave, leaving } from "../../../state/leaving.ts";
import { tell } from "../../../state/notices.ts";
import { me } from "../../../state/session.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { Field } from "../../parts/field.tsx";
import { FormFault, Loaded } from "../../parts/states.tsx";
import { dateOf } from "../../parts/time.tsx";
import { SentComments } from "./sent.tsx";

export function Leaving() {
  const asking = useSignal(false);
  return (
    <section class="card stack" aria-labelledby="leaving-title">
      <h2 id="leaving-title">{t("leaving.title")}</h2>
      <Loaded from={leaving} failed={t("leaving.failed")} bones={1}>
        {({ days, heirs }) => (
          <>
            <p>{t("leaving.now")}</p>
            <p>{t("leaving.grace", { count: days })}</p>
            <p class="muted">{t("leaving.later")}</p>
            <SentComments />
            <div class="row">
              <Button
                kind="danger"
                icon="trash"
                onPress={() => {
                  asking.value = true;
                }}
              >
                {t("leaving.ask")}
              </Button>
            </div>
            {asking.value && (
              <Farewell
                heirs={heirs}
                onClose={() => {
                  asking.value = false;
                }}
              />
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}

function Farewell({ heirs, onClose }: { heirs: readonly string[]; onClose: () => void }) {
  const name = useSignal("");
  const heir = useSignal("");
  const going = useDeed();
  const username = me.value?.username ?? "";
  const go = () =>
    going.run(async () => {
      const until = await leave(name.value, heir.value);
      tell(t("leaving.done", { date: dateOf(until) }));
    });
  const footer = (
    <>
      <Button onPress={onClose}>{t("app.cancel")}</Button>
      <Button
        kind="danger"
        busy={going.busy.value}
        disabled={name.value.trim().replace(/^@/, "") !== username}
        onPress={go}
      >
        {t("leaving.confirm")}
      </Button>
    </>
  );
  return (
    <Dialog title={t("leaving.question")} onClose={onClose} footer={footer}>
      <p>{t("leaving.takeFirst")}</p>
      {heirs.length > 0 && (
        <div class="field">
          <label for="leaving-heir">{t("leaving.heir")}</label>
          <select
            id="leaving-heir"
            class="input"
            value={heir.value}
            onChange={(event) => {
              heir.value = event.currentTarget.value;
            }}
          >
            <option value="">{t("leaving.heirChoose")}</option>
            {heirs.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </div>
      )}
      <Field
        label={t("leaving.name", { name: username })}
        value={name.value}
        onText={(text) => {
          name.value = text;
        }}
        attributes={{ dir: "ltr", autoComplete: "off", autoCapitalize: "none", spellcheck: false }}
      />
      <FormFault fault={going.fault.value} />
    </Dialog>
  );
}

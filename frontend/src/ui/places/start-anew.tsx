/** The last way in: neither the phrase nor another device is left, so the account is given up for a new one. */
import { useSignal } from "@preact/signals";
import { useLocation } from "wouter-preact";
import { abandon } from "../../state/linking.ts";
import { me } from "../../state/session.ts";
import { t } from "../catalogue/catalogue.ts";
import { Button } from "../parts/button.tsx";
import { useDeed } from "../parts/deed.ts";
import { Field } from "../parts/field.tsx";
import { FormFault } from "../parts/states.tsx";

export function StartAnew() {
  const typed = useSignal("");
  const leaving = useDeed();
  const [, navigate] = useLocation();
  const username = me.value?.username ?? "";
  const fits = typed.value.trim() === username;
  return (
    <details class="fold">
      <summary>{t("anew.title")}</summary>
      <form
        class="stack"
        onSubmit={async (event) => {
          event.preventDefault();
          if (fits && (await leaving.run(() => abandon(username)))) navigate("/setup");
        }}
      >
        <p>{t("anew.lead")}</p>
        <ul>
          <li>{t("anew.gone")}</li>
          <li>{t("anew.warned")}</li>
          <li>{t("anew.stays")}</li>
        </ul>
        <Field
          label={t("anew.type", { username })}
          value={typed.value}
          onText={(text) => {
            typed.value = text;
          }}
          attributes={{
            autoComplete: "off",
            autoCapitalize: "none",
            spellcheck: false,
            dir: "ltr",
            maxLength: 64,
          }}
        />
        <FormFault fault={leaving.fault.value} />
        <div>
          <Button kind="danger" submit busy={leaving.busy.value} disabled={!fits}>
            {t("anew.deed")}
          </Button>
        </div>
      </form>
    </details>
  );
}

/** Step one: the name people read, the one in the address, and a password. */
import { useSignal } from "@preact/signals";
import { addressText } from "../../../state/addresses.ts";
import { type Entry, session, setUp, site } from "../../../state/session.ts";
import { language, rich, t } from "../../catalogue/catalogue.ts";
import { AddressText } from "../../parts/address.tsx";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Field } from "../../parts/field.tsx";
import { NewPasswordField, useNewPassword } from "../../parts/secrets.tsx";
import { FormFault } from "../../parts/states.tsx";
import { StepTitle } from "./setup.tsx";

const USERNAME = /^[a-z0-9](?:[a-z0-9_-]{0,30}[a-z0-9])?$/;

/** A name for the address, made from the one people read: its first word in plain letters. */
export function suggestUsername(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const word = plain.trim().split(/\s+/)[0] ?? "";
  return word
    .replace(/[^a-z0-9_-]/g, "")
    .replace(/^[_-]+|[_-]+$/g, "")
    .slice(0, 32);
}

export function NameStep({ entry }: { entry: Entry }) {
  const name = useSignal("");
  const username = useSignal("");
  const chosen = useSignal(false);
  const password = useNewPassword();
  const tried = useSignal(false);
  const doing = useDeed();
  const handle = chosen.value ? username.value : suggestUsername(name.value);

  const problems = {
    name: name.value.trim() ? null : t("app.required"),
    username: USERNAME.test(handle) ? null : t("setup.name.badUsername"),
  };
  const shown = tried.value ? problems : { name: null, username: null };
  const here = site.value;

  async function go(): Promise<void> {
    tried.value = true;
    const ready = password.ready();
    if (problems.name || problems.username || !ready) {
      document.querySelector<HTMLElement>(".setup [aria-invalid]")?.focus();
      return;
    }
    await doing.run(async () => {
      const fields = { name: name.value.trim(), username: handle, password: password.text.value };
      await setUp(entry, { ...fields, language: language.value });
      if (session.value.state === "in") window.history.replaceState(null, "", window.location.pathname);
    });
  }

  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void go();
      }}
    >
      <StepTitle>
        {entry.by === "invite" ? t("join.title", { site: here?.name ?? "" }) : t("setup.name.title")}
      </StepTitle>
      <p>{t(entry.by === "invite" ? "join.lead" : "setup.name.lead")}</p>
      <Field
        label={t("setup.name.name")}
        hint={t("setup.name.nameHint")}
        value={name.value}
        problem={shown.name}
        onText={(text) => {
          name.value = text;
        }}
        attributes={{ autoComplete: "name", dir: "auto", maxLength: 64, required: true }}
      />
      <Field
        label={t("setup.name.username")}
        hint={t("setup.name.usernameHint")}
        value={handle}
        problem={shown.username}
        onText={(text) => {
          chosen.value = true;
          username.value = text.toLowerCase().trim();
        }}
        attributes={{
          autoComplete: "username",
          autoCapitalize: "none",
          spellcheck: false,
          maxLength: 32,
          required: true,
        }}
      />
      {here && USERNAME.test(handle) && (
        <p class="address-preview" aria-live="polite">
          {rich("setup.name.address", {
            address: <AddressText text={addressText({ ...here.address, username: handle })} class="strong" />,
          })}
        </p>
      )}
      <NewPasswordField of={password} label={t("setup.name.password")} hint={t("setup.name.passwordHint")} />
      <FormFault fault={doing.fault.value} />
      <Button kind="primary" class="wide" submit busy={doing.busy.value}>
        {t("setup.name.next")}
      </Button>
    </form>
  );
}

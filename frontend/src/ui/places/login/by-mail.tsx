/** A forgotten password: asking for a link by mail, and the new password once the page was opened by one. */
import { useSignal } from "@preact/signals";
import { useLocation } from "wouter-preact";
import { askMail, mailToken, resetByMail, startOver } from "../../../state/login.ts";
import { tell } from "../../../state/notices.ts";
import { site } from "../../../state/session.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Button, PlaceButton } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { NewPasswordField, useNewPassword } from "../../parts/secrets.tsx";
import { FormFault } from "../../parts/states.tsx";
import { Door } from "./frame.tsx";
import { UsernameField } from "./login.tsx";

const none = () => undefined;

export default function ByMail() {
  const asked = useSignal(false);
  if (!site.value?.mail) return <Told heading={t("mail.none")} lead={t("mail.noneHint")} />;
  if (mailToken.value !== null) return <NewPassword />;
  if (asked.value) return <Told heading={t("mail.asked")} lead={t("mail.askedHint")} />;
  return (
    <Ask
      onDone={() => {
        asked.value = true;
      }}
    />
  );
}

function Ask({ onDone }: { onDone: () => void }) {
  const username = useSignal("");
  const asking = useDeed();
  const go = async () => {
    if (await asking.run(() => askMail(username.value.trim().toLowerCase()))) onDone();
  };
  return (
    <Door
      title={t("reset.title")}
      heading={t("reset.title")}
      lead={t("mail.askLead")}
      onSubmit={() => void go()}
    >
      <UsernameField value={username} />
      <FormFault fault={asking.fault.value} />
      <Button kind="primary" class="wide" submit busy={asking.busy.value}>
        {t("mail.ask")}
      </Button>
      <OtherWays />
    </Door>
  );
}

function NewPassword() {
  const password = useNewPassword();
  const setting = useDeed();
  const [, navigate] = useLocation();

  async function go(): Promise<void> {
    if (!password.ready() || !(await setting.run(() => resetByMail(password.text.value)))) return;
    startOver();
    tell(t("reset.done"));
    navigate("/login", { replace: true });
  }

  return (
    <Door
      title={t("reset.title")}
      heading={t("reset.title")}
      lead={t("mail.newLead")}
      onSubmit={() => void go()}
    >
      <NewPasswordField of={password} label={t("reset.password")} hint={t("reset.ends")} />
      <FormFault fault={setting.fault.value} />
      <Button kind="primary" class="wide" submit busy={setting.busy.value}>
        {t("reset.submit")}
      </Button>
      <Button
        kind="quiet"
        onPress={() => {
          mailToken.value = null;
        }}
      >
        {t("mail.again")}
      </Button>
    </Door>
  );
}

function Told({ heading, lead }: { heading: string; lead: string }) {
  return (
    <Door title={t("reset.title")} heading={heading} lead={lead} onSubmit={none}>
      <OtherWays />
    </Door>
  );
}

function OtherWays() {
  return (
    <>
      <PlaceButton to="/login/reset" kind="quiet">
        {t("mail.phrase")}
      </PlaceButton>
      <PlaceButton to="/login" kind="quiet">
        {t("reset.back")}
      </PlaceButton>
    </>
  );
}

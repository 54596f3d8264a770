/** Where a scanned code leads: this browser holds the account key, and links the one that showed the code. */
import { useEffect } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { identity } from "../../state/identity.ts";
import { startByTicket, ticket } from "../../state/linking.ts";
import { tell } from "../../state/notices.ts";
import { keepFragment } from "../browser.ts";
import { t } from "../catalogue/catalogue.ts";
import { Icon } from "../icon.tsx";
import { Page } from "../page.tsx";
import { Button, PlaceButton } from "../parts/button.tsx";
import { useDeed } from "../parts/deed.ts";
import { FormFault } from "../parts/states.tsx";
import { Pairing } from "./setup/pairing.tsx";
import { privateGate } from "./unlinked.tsx";

export default function LinkOther() {
  useEffect(() => {
    keepFragment();
    return () => {
      ticket.value = null;
    };
  }, []);
  return (
    <Page title={t("link.title")} back={{ to: "/house/devices", label: t("house.devices") }}>
      <Exchange />
    </Page>
  );
}

function Exchange() {
  const [, navigate] = useLocation();
  const gate = privateGate();
  if (gate) return gate;
  if (!identity.value.root) return <p class="card">{t("devices.noRoot")}</p>;
  if (ticket.value !== null) return <Ask />;
  const done = () => {
    tell(t("link.done"));
    navigate("/house/devices");
  };
  return <Pairing browsers onDone={done} />;
}

/** Anybody may send somebody a code: nothing begins before its person has said that the other browser is theirs. */
function Ask() {
  const beginning = useDeed();
  return (
    <section class="card">
      <h2>{t("link.askTitle")}</h2>
      <p>{t("link.ask")}</p>
      <p class="bar">
        <Icon name="circle-alert" /> <span>{t("link.askWarning")}</span>
      </p>
      <FormFault fault={beginning.fault.value} />
      <div class="row">
        <PlaceButton to="/house/devices">{t("link.askNo")}</PlaceButton>
        <Button
          kind="primary"
          icon="check"
          busy={beginning.busy.value}
          onPress={() => beginning.run(startByTicket)}
        >
          {t("link.askYes")}
        </Button>
      </div>
    </section>
  );
}

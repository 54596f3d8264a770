/** This browser comes to be one of the account: by a code that another one shows too, or by the recovery phrase. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { abortLink, confirmLink, link, linkByPhrase, wait } from "../../state/linking.ts";
import { t } from "../catalogue/catalogue.ts";
import { thisBrowserName } from "../parts/browser-name.ts";
import { Button } from "../parts/button.tsx";
import { Code } from "../parts/code.tsx";
import { useDeed } from "../parts/deed.ts";
import { LongField } from "../parts/field.tsx";
import { QrCode } from "../parts/qr.tsx";
import { FormFault, Skeleton } from "../parts/states.tsx";
import "../style/house.css";
import "../style/security.css";
import "../style/setup.css";

export function LinkThis() {
  const deed = useDeed();
  const { step, code, ticket, fault } = link.value;
  useEffect(() => () => void abortLink().catch(() => undefined), []);
  if (step === "compare") {
    return (
      <section class="compare" aria-live="polite">
        <Code code={code ?? ""} />
        <p>{t("link.compare")}</p>
        <FormFault fault={deed.fault.value} />
        <div class="row setup-deeds">
          <Button icon="x" onPress={() => deed.run(abortLink)}>
            {t("setup.vault.differ")}
          </Button>
          <Button kind="primary" icon="check" busy={deed.busy.value} onPress={() => deed.run(confirmLink)}>
            {t("setup.vault.match")}
          </Button>
        </div>
      </section>
    );
  }
  if (step === "idle" || step === "failed") {
    return (
      <section class="stack">
        <p>{t("link.lead")}</p>
        <FormFault fault={fault ? { code: fault } : deed.fault.value} />
        <div>
          <Button
            kind="primary"
            icon="key-round"
            busy={deed.busy.value}
            onPress={() => deed.run(async () => wait(await thisBrowserName()))}
          >
            {t("link.start")}
          </Button>
        </div>
      </section>
    );
  }
  if (step === "waiting" && ticket !== null)
    return <Waiting ticket={ticket} onCancel={() => deed.run(abortLink)} />;
  return (
    <section class="stack" role="status">
      <p>{t(step === "agreed" ? "link.agreed" : "link.connecting")}</p>
      <Skeleton bones={1} />
      <div>
        <Button onPress={() => deed.run(abortLink)}>{t("app.cancel")}</Button>
      </div>
    </section>
  );
}

/** Both ways at once: by camera, or by choosing this browser in a list over there. */
function Waiting({ ticket, onCancel }: { ticket: string; onCancel: () => void }) {
  const text = `${window.location.origin}/app/link#${ticket}`;
  return (
    <section class="stack">
      <p role="status">{t("link.waiting")}</p>
      <ol class="link-steps">
        <li>{t("link.byCamera")}</li>
        <li>{t("link.byHand")}</li>
      </ol>
      <QrCode text={text} label={t("link.qr")} />
      <details class="fold">
        <summary>{t("link.asText")}</summary>
        <p class="key">{text}</p>
      </details>
      <p class="small muted">{t("link.qrHint")}</p>
      <div>
        <Button onPress={onCancel}>{t("app.cancel")}</Button>
      </div>
    </section>
  );
}

export function LinkByPhrase() {
  const words = useSignal("");
  const lost = useSignal(false);
  const linking = useDeed();
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void linking.run(() => linkByPhrase(words.value, lost.value));
      }}
    >
      <LongField
        label={t("reset.words")}
        value={words.value}
        hint={t("reset.wordsHint")}
        onText={(text) => {
          words.value = text;
        }}
        attributes={{ autoComplete: "off", autoCapitalize: "none", spellcheck: false, rows: 4, dir: "ltr" }}
      />
      <label class="switch">
        <input
          type="checkbox"
          checked={lost.value}
          onChange={(event) => {
            lost.value = event.currentTarget.checked;
          }}
        />
        <span>{t("link.lost")}</span>
      </label>
      <FormFault fault={linking.fault.value} />
      <div>
        <Button submit busy={linking.busy.value}>
          {t("link.byPhrase")}
        </Button>
      </div>
    </form>
  );
}

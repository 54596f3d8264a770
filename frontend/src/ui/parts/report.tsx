/** Tells the moderators of one's own site about something. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { type NewReport, sendReport } from "../../state/moderation.ts";
import { tell } from "../../state/notices.ts";
import { t } from "../catalogue/catalogue.ts";
import { Button } from "./button.tsx";
import { useDeed } from "./deed.ts";
import { Dialog } from "./dialog.tsx";
import { LongField } from "./field.tsx";
import { FormFault } from "./states.tsx";

const REASONS = ["spam", "harassment", "illegal", "private", "other"] as const;
type Reason = (typeof REASONS)[number];

interface ReportProps {
  what: NewReport["what"];
  /** Names the thing: a URL, or an address. */
  about: string;
  thing: string;
  iconOnly?: boolean;
}

export function ReportButton({ what, about, thing, iconOnly = false }: ReportProps) {
  const open = useSignal(false);
  return (
    <>
      <Button
        kind="quiet"
        icon="flag"
        iconOnly={iconOnly}
        onPress={() => {
          open.value = true;
        }}
      >
        {t("report.button")}
      </Button>
      {open.value && (
        <ReportForm
          what={what}
          about={about}
          thing={thing}
          onClose={() => {
            open.value = false;
          }}
        />
      )}
    </>
  );
}

function ReportForm({ what, about, thing, onClose }: ReportProps & { onClose: () => void }) {
  const id = useId();
  const reason = useSignal<Reason>("spam");
  const text = useSignal("");
  const sending = useDeed();
  const send = async () => {
    const fields = { what, ref: thing, about, reason: reason.value, text: text.value.trim() };
    if (!(await sending.run(() => sendReport(fields)))) return;
    tell(t("report.sent"));
    onClose();
  };
  const footer = (
    <Button kind="primary" icon="flag" busy={sending.busy.value} onPress={send}>
      {t("report.send")}
    </Button>
  );
  return (
    <Dialog title={t("report.title")} onClose={onClose} footer={footer}>
      <p>{t(what === "message" ? "report.messageHint" : "report.hint")}</p>
      <div class="field">
        <label for={id}>{t("report.why")}</label>
        <select
          id={id}
          class="input"
          value={reason.value}
          onChange={(event) => {
            reason.value = event.currentTarget.value as Reason;
          }}
        >
          {REASONS.map((one) => (
            <option key={one} value={one}>
              {t(`report.reason.${one}`)}
            </option>
          ))}
        </select>
      </div>
      <LongField
        label={t("report.text")}
        value={text.value}
        onText={(given) => {
          text.value = given;
        }}
        attributes={{ maxLength: 1000 }}
      />
      <FormFault fault={sending.fault.value} />
    </Dialog>
  );
}

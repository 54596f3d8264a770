/** Tells the moderators of one's own site about something. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { addressText } from "../../state/addresses.ts";
import { type NewReport, sendReport } from "../../state/moderation.ts";
import { tell } from "../../state/notices.ts";
import { me } from "../../state/session.ts";
import { t } from "../catalogue/catalogue.ts";
import { AddressText } from "./address.tsx";
import { Button } from "./button.tsx";
import { useDeed } from "./deed.ts";
import { Dialog } from "./dialog.tsx";
import { LongField } from "./field.tsx";
import { FormFault } from "./states.tsx";

const REASONS = ["spam", "harassment", "illegal", "private", "other"] as const;
type Reason = (typeof REASONS)[number];

const LONGEST = 1000;

interface ReportProps {
  what: NewReport["what"];
  /** The address of whoever is behind it. */
  about: string;
  /** Names the thing: a URL, an address, a conversation. */
  thing: string;
  /** What moderators cannot see by themselves; it goes with the report only if the reporter says so. */
  sealed?: readonly string[];
  iconOnly?: boolean;
}

export function ReportButton({ iconOnly = false, ...about }: ReportProps) {
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
          {...about}
          onClose={() => {
            open.value = false;
          }}
        />
      )}
    </>
  );
}

/** What goes to the moderators as text: the reporter's words, then what was quoted; cut at the site's limit. */
function wordsOf(text: string, quoted: readonly string[]): string {
  return [text.trim(), ...quoted.map((one) => `“${one}”`)].filter(Boolean).join("\n").slice(0, LONGEST);
}

type FormProps = ReportProps & { onClose: () => void };

function ReportForm({ what, about, thing, sealed = [], onClose }: FormProps) {
  const id = useId();
  const quotes = useSignal(false);
  const reason = useSignal<Reason>("spam");
  const text = useSignal("");
  const sending = useDeed();
  const words = wordsOf(text.value, quotes.value ? sealed : []);
  const send = async () => {
    const fields = { what, ref: thing, about, reason: reason.value, text: words };
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
        attributes={{ maxLength: LONGEST }}
      />
      {sealed.length > 0 && (
        <label class="switch">
          <input
            type="checkbox"
            checked={quotes.value}
            onChange={(event) => {
              quotes.value = event.currentTarget.checked;
            }}
          />
          <span>{t("report.quote", { count: sealed.length })}</span>
        </label>
      )}
      <Sent what={what} about={about} thing={thing} reason={reason.value} words={words} />
      <FormFault fault={sending.fault.value} />
    </Dialog>
  );
}

interface SentProps extends Pick<ReportProps, "what" | "about" | "thing"> {
  reason: Reason;
  words: string;
}

/** Everything that leaves this browser, before it does. */
function Sent({ what, about, thing, reason, words }: SentProps) {
  const id = useId();
  return (
    <section class="report-sent small" aria-labelledby={id}>
      <h3 id={id}>{t("report.sends")}</h3>
      <dl class="facts">
        <dt>{t("report.fromYou")}</dt>
        <dd>{me.value && <AddressText text={addressText(me.value.address)} />}</dd>
        <dt>{t(`report.what.${what}`)}</dt>
        <dd>
          <AddressText text={about} />
          {/^https?:/.test(thing) && (
            <>
              <br />
              <AddressText text={thing} />
            </>
          )}
        </dd>
        <dt>{t("report.why")}</dt>
        <dd>{t(`report.reason.${reason}`)}</dd>
        {words && (
          <>
            <dt>{t("report.words")}</dt>
            <dd class="report-words" dir="auto">
              {words}
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

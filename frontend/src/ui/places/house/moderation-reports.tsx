/** The queue of reports, and what was decided. */
import { useSignal } from "@preact/signals";
import { Link } from "wouter-preact";
import { decide, type Report, reports } from "../../../state/moderation.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Button, OutButton } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Field } from "../../parts/field.tsx";
import { Empty, FormFault, Loaded } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { personPath } from "../paths.ts";

const STATUSES = ["open", "resolved", "dismissed"] as const;
type Status = (typeof STATUSES)[number];

export function Reports() {
  const status = useSignal<Status>("open");
  return (
    <section class="card stack" aria-labelledby="reports-title">
      <h2 id="reports-title">{t("reports.title")}</h2>
      <fieldset class="row plain" aria-label={t("reports.which")}>
        {STATUSES.map((one) => (
          <Button
            key={one}
            kind={one === status.value ? "primary" : "plain"}
            attributes={{ "aria-pressed": one === status.value ? "true" : "false" }}
            onPress={() => {
              status.value = one;
            }}
          >
            {t(`reports.${one}`)}
          </Button>
        ))}
      </fieldset>
      <Loaded
        key={status.value}
        from={reports.of(status.value)}
        failed={t("reports.failed")}
        isEmpty={(found) => found.length === 0}
        empty={<Empty icon="flag" title={t("reports.none")} hint={t("reports.noneHint")} />}
      >
        {(found) => (
          <ul class="bare lines">
            {found.map((one) => (
              <ReportLine key={one.id} one={one} />
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}

function ReportLine({ one }: { one: Report }) {
  return (
    <li class="report">
      <div class="stack close">
        <p>
          <strong>{t(`report.reason.${one.reason}`)}</strong> · {t(`report.what.${one.what}`)}{" "}
          {one.about && (
            <Link to={personPath(one.about)}>
              <bdi dir="ltr">{one.about}</bdi>
            </Link>
          )}
        </p>
        {one.text && (
          <p class="report-words" dir="auto">
            {one.text}
          </p>
        )}
        <p class="small muted">
          {one.reporter === null ? t("reports.aboutYou") : t("reports.by", { name: one.reporter })}{" "}
          <Time at={one.made} />
        </p>
        {one.decided !== null && (
          <p class="small muted">
            {t("reports.decidedBy", { name: one.decider })} <Time at={one.decided} /> {one.note}
          </p>
        )}
        {/^https?:\/\//.test(one.ref) && (
          <OutButton href={one.ref} icon="globe">
            {t("reports.look")}
          </OutButton>
        )}
        <Decision one={one} />
      </div>
    </li>
  );
}

function Decision({ one }: { one: Report }) {
  const note = useSignal("");
  const deciding = useDeed();
  const run = (deed: "resolve" | "dismiss" | "reopen") =>
    deciding.run(() => decide(one.id, deed, note.value.trim()));
  if (one.status !== "open") {
    return (
      <Button kind="quiet" busy={deciding.busy.value} onPress={() => run("reopen")}>
        {t("reports.reopen")}
      </Button>
    );
  }
  return (
    <>
      <Field
        label={t("reports.note")}
        value={note.value}
        onText={(given) => {
          note.value = given;
        }}
        attributes={{ maxLength: 200 }}
      />
      <div class="row">
        <Button kind="primary" icon="check" busy={deciding.busy.value} onPress={() => run("resolve")}>
          {t("reports.resolve")}
        </Button>
        <Button busy={deciding.busy.value} onPress={() => run("dismiss")}>
          {t("reports.dismiss")}
        </Button>
      </div>
      <FormFault fault={deciding.fault.value} />
    </>
  );
}

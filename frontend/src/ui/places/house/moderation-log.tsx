/** The moderators' log: who did what to whom, when and why. */
import { type LogEntry, log, logEnded, olderLog } from "../../../state/moderation.ts";
import { type Key, t } from "../../catalogue/catalogue.ts";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Empty, FormFault, Loaded } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";

const deeds: Readonly<Record<string, Key>> = {
  block: "log.block",
  unblock: "log.unblock",
  notice: "log.notice",
  resolve: "log.resolve",
  dismiss: "log.dismiss",
  reopen: "log.reopen",
  text: "log.text",
  theme: "log.theme",
  "site-block": "log.siteBlock",
  "site-unblock": "log.siteUnblock",
  appoint: "log.appoint",
  release: "log.release",
  "hand-over": "log.handOver",
  invite: "log.invite",
  "invite-revoke": "log.inviteRevoke",
  join: "log.join",
  "invites-open": "log.invitesOpen",
  "invites-close": "log.invitesClose",
};

export function Log() {
  const older = useDeed();
  return (
    <section class="card stack" aria-labelledby="log-title">
      <h2 id="log-title">{t("log.title")}</h2>
      <p class="muted">{t("log.lead")}</p>
      <Loaded
        from={log}
        failed={t("log.failed")}
        isEmpty={(found) => found.length === 0}
        empty={<Empty icon="file-text" title={t("log.none")} hint={t("log.noneHint")} />}
      >
        {(found) => (
          <ul class="bare lines log">
            {found.map((entry) => (
              <LogLine key={entry.id} entry={entry} />
            ))}
          </ul>
        )}
      </Loaded>
      {!logEnded.value && (log.data.value?.length ?? 0) >= 100 && (
        <Button busy={older.busy.value} onPress={() => older.run(olderLog)}>
          {t("log.older")}
        </Button>
      )}
      <FormFault fault={older.fault.value} />
    </section>
  );
}

function LogLine({ entry }: { entry: LogEntry }) {
  const known = deeds[entry.deed];
  const said = typeof entry.details.text === "string" ? entry.details.text : "";
  return (
    <li>
      <span>
        <strong>
          <bdi>{entry.actor || t("log.site")}</bdi>
        </strong>{" "}
        {known ? t(known as "log.block", { target: entry.target }) : `${entry.deed} ${entry.target}`}
        {(entry.why || said) && (
          <span class="small muted reason" dir="auto">
            {entry.why || said}
          </span>
        )}
      </span>
      <span class="small muted">
        <Time at={entry.time} />
      </span>
    </li>
  );
}

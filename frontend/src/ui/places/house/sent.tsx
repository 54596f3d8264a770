/** What one said on other sites: seen and taken back before the account goes, since only one's own device can sign that. */
import { sent, standing, takeAllBack, takingBack } from "../../../state/sent.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { FormFault, Loaded } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";

export function SentComments() {
  return (
    <Loaded
      from={sent}
      failed={t("leaving.sentFailed")}
      bones={1}
      isEmpty={(all) => all.length === 0}
      empty={null}
    >
      {(all) => (
        <>
          {standing.value.length > 0 && <Standing />}
          {all.length > standing.value.length && (
            <div class="row">
              <p class="muted" role="status">
                {t("leaving.sentGoing", { count: all.length - standing.value.length })}
              </p>
              <Button kind="quiet" icon="refresh-cw" busy={sent.busy.value} onPress={() => sent.load()}>
                {t("leaving.sentLook")}
              </Button>
            </div>
          )}
        </>
      )}
    </Loaded>
  );
}

function Standing() {
  const taking = useDeed();
  const progress = takingBack.value;
  return (
    <>
      <p>{t("leaving.sent", { count: standing.value.length })}</p>
      <details>
        <summary>{t("leaving.sentList")}</summary>
        <ul class="stack">
          {standing.value.map((one) => (
            <li key={one.ref}>
              <bdi>{one.text}</bdi>{" "}
              <a href={one.post} class="small">
                <Time at={one.time} />
              </a>
            </li>
          ))}
        </ul>
      </details>
      {progress && (
        <progress aria-label={t("leaving.sentProgress")} value={progress.done} max={progress.total} />
      )}
      <FormFault fault={taking.fault.value} />
      <div class="row">
        <Button icon="x" busy={taking.busy.value} onPress={() => taking.run(takeAllBack)}>
          {t("leaving.sentTakeBack")}
        </Button>
      </div>
    </>
  );
}

/** Where one is logged in, and how to end it. */
import { useSignal } from "@preact/signals";
import { tell } from "../../../../state/notices.ts";
import { endOtherSessions, endSession, sessions } from "../../../../state/security.ts";
import type { LoginSession } from "../../../../state/shapes.ts";
import { t } from "../../../catalogue/catalogue.ts";
import { Icon } from "../../../icon.tsx";
import { browserIcon, browserName } from "../../../parts/browser-name.ts";
import { Button } from "../../../parts/button.tsx";
import { useDeed } from "../../../parts/deed.ts";
import { Confirm } from "../../../parts/dialog.tsx";
import { FormFault, Loaded } from "../../../parts/states.tsx";
import { Time } from "../../../parts/time.tsx";

export function Sessions() {
  return (
    <section class="card" aria-labelledby="sessions">
      <h2 id="sessions">{t("sessions.title")}</h2>
      <Loaded from={sessions} failed={t("sessions.failed")} bones={2}>
        {(list) => (
          <>
            <ul class="bare factor-list">
              {list.map((one) => (
                <Line key={one.id} one={one} />
              ))}
            </ul>
            {list.length > 1 && <EndOthers />}
          </>
        )}
      </Loaded>
    </section>
  );
}

function Line({ one }: { one: LoginSession }) {
  const ending = useDeed();
  const name = browserName(one) || t("sessions.unknown");
  return (
    <li>
      <Icon name={browserIcon(one)} />
      <div>
        <p>
          <strong>{name}</strong>{" "}
          {one.current && (
            <span class="fine small">
              <Icon name="check" /> {t("sessions.here")}
            </span>
          )}
        </p>
        <p class="small muted">
          {t("sessions.opened")} <Time at={one.opened} /> · {t("sessions.seen")} <Time at={one.seen} />
        </p>
        <FormFault fault={ending.fault.value} />
      </div>
      {!one.current && (
        <Button
          busy={ending.busy.value}
          attributes={{ "aria-label": t("sessions.endOne", { name }) }}
          onPress={async () => {
            if (await ending.run(() => endSession(one.id))) tell(t("sessions.ended"));
          }}
        >
          {t("sessions.end")}
        </Button>
      )}
    </li>
  );
}

function EndOthers() {
  const asking = useSignal(false);
  const ending = useDeed();
  const close = () => {
    asking.value = false;
  };
  return (
    <div>
      <FormFault fault={ending.fault.value} />
      <Button
        icon="log-out"
        mirrored
        onPress={() => {
          asking.value = true;
        }}
      >
        {t("sessions.endAll")}
      </Button>
      {asking.value && (
        <Confirm
          title={t("sessions.endAllTitle")}
          hint={t("sessions.endAllHint")}
          deed={t("sessions.endAll")}
          busy={ending.busy.value}
          onConfirm={async () => {
            close();
            if (await ending.run(endOtherSessions)) tell(t("sessions.endedAll"));
          }}
          onClose={close}
        />
      )}
    </div>
  );
}

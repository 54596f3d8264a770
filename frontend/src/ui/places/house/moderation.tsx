/** Moderation: who is here and what is open, with reports, the log and the site's words beside it. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import {
  block,
  lift,
  mayModerate,
  moderation,
  ownsSite,
  type Present,
  say,
} from "../../../state/moderation.ts";
import { tell } from "../../../state/notices.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Icon } from "../../icon.tsx";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { Field, LongField } from "../../parts/field.tsx";
import { Empty, FormFault, Loaded } from "../../parts/states.tsx";
import { Until } from "../../parts/time.tsx";
import { Log } from "./moderation-log.tsx";
import { Reports } from "./moderation-reports.tsx";
import { Moderators } from "./moderators.tsx";
import { SiteBlocks } from "./site-blocks.tsx";
import { SiteTexts } from "./site-texts.tsx";
import "../../style/moderation.css";

const AUDIENCES = ["visitors", "members", "everybody"] as const;
/** Half an hour, at once. */
const EMERGENCY = 0;
const HOURS = Array.from({ length: 24 }, (_, index) => index + 1);

export function Moderation() {
  useEffect(() => {
    void moderation.load();
  }, []);
  if (!mayModerate.value) {
    return <Empty icon="shield" title={t("moderation.notYours")} hint={t("moderation.notYoursHint")} />;
  }
  return (
    <div class="stack moderation">
      <p>{t("moderation.lead")}</p>
      <section class="card stack" aria-labelledby="present-title">
        <h2 id="present-title">{t("moderation.present")}</h2>
        <Loaded from={moderation} failed={t("moderation.failed")}>
          {({ present, blocks }) => (
            <>
              <PresentList present={present} />
              <SayToAll />
              <h3>{t("moderation.blocks")}</h3>
              {blocks.length === 0 && <p class="muted">{t("moderation.noBlocks")}</p>}
              <ul class="bare lines blocks">
                {blocks.map((one) => (
                  <li key={one.id}>
                    <span>
                      <strong>{one.label}</strong> {t("moderation.until")} <Until at={one.until} />
                      {one.reason && <span class="small muted reason">{one.reason}</span>}
                    </span>
                    <Lift id={one.id} />
                  </li>
                ))}
              </ul>
            </>
          )}
        </Loaded>
      </section>
      <Reports />
      {ownsSite.value && <Moderators />}
      <SiteBlocks />
      <SiteTexts />
      <Log />
    </div>
  );
}

function PresentList({ present }: { present: readonly Present[] }) {
  if (present.length === 0) {
    return <Empty icon="users" title={t("moderation.nobody")} hint={t("moderation.nobodyHint")} />;
  }
  return (
    <ul class="bare lines present">
      {present.map((one) => (
        <PresentLine key={one.handle} one={one} />
      ))}
    </ul>
  );
}

/** The name of a device: a member's own, or a visitor's letters. */
function label(one: Present): string {
  return one.who === "visitor" ? t("moderation.visitor", { name: one.name }) : one.name;
}

function PresentLine({ one }: { one: Present }) {
  const doing = useSignal<"say" | "block" | null>(null);
  const close = () => {
    doing.value = null;
  };
  return (
    <li>
      <span>
        <strong>
          <bdi>{label(one)}</bdi>
        </strong>{" "}
        {one.own && <span class="muted">{t("moderation.you")}</span>}
        {one.blocked_until !== null && (
          <span class="blocked">
            <Icon name="ban" /> {t("moderation.blockedUntil")} <Until at={one.blocked_until} />
          </span>
        )}
      </span>
      {!one.own && (
        <span class="row">
          <Button
            kind="quiet"
            icon="bell"
            onPress={() => {
              doing.value = "say";
            }}
          >
            {t("moderation.say")}
          </Button>
          <Button
            kind="quiet"
            icon="ban"
            onPress={() => {
              doing.value = "block";
            }}
          >
            {t("moderation.block")}
          </Button>
        </span>
      )}
      {doing.value === "say" && <Say to={{ handle: one.handle }} name={label(one)} onClose={close} />}
      {doing.value === "block" && <BlockForm one={one} onClose={close} />}
    </li>
  );
}

type To = Parameters<typeof say>[0];

function Say({ to, name, onClose }: { to: To; name: string; onClose: () => void }) {
  const text = useSignal("");
  const saying = useDeed();
  const send = async () => {
    const done = await saying.run(async () => {
      const count = await say(to, text.value.trim());
      tell(t("moderation.said", { count }));
    });
    if (done) onClose();
  };
  const footer = (
    <Button kind="primary" busy={saying.busy.value} disabled={!text.value.trim()} onPress={send}>
      {t("moderation.send")}
    </Button>
  );
  return (
    <Dialog title={t("moderation.sayTo", { name })} onClose={onClose} footer={footer}>
      <LongField
        label={t("moderation.what")}
        hint={t("moderation.whatHint")}
        value={text.value}
        onText={(given) => {
          text.value = given;
        }}
        attributes={{ maxLength: 1000, required: true }}
      />
      <FormFault fault={saying.fault.value} />
    </Dialog>
  );
}

function SayToAll() {
  const to = useSignal<(typeof AUDIENCES)[number] | null>(null);
  return (
    <fieldset class="row plain">
      <legend>{t("moderation.sayToAll")}</legend>
      {AUDIENCES.map((audience) => (
        <Button
          key={audience}
          icon="bell"
          onPress={() => {
            to.value = audience;
          }}
        >
          {t(`moderation.audience.${audience}`)}
        </Button>
      ))}
      {to.value && (
        <Say
          to={{ audience: to.value }}
          name={t(`moderation.audience.${to.value}`)}
          onClose={() => {
            to.value = null;
          }}
        />
      )}
    </fieldset>
  );
}

function BlockForm({ one, onClose }: { one: Present; onClose: () => void }) {
  const hours = useSignal(EMERGENCY);
  const reason = useSignal("");
  const blocking = useDeed();
  const begin = async () => {
    const length = hours.value === EMERGENCY ? null : hours.value;
    if (await blocking.run(() => block(one.handle, length, reason.value.trim()))) onClose();
  };
  const footer = (
    <Button kind="danger" icon="ban" busy={blocking.busy.value} onPress={begin}>
      {t("moderation.blockNow")}
    </Button>
  );
  return (
    <Dialog title={t("moderation.blockTitle", { name: label(one) })} onClose={onClose} footer={footer}>
      <p>{t("moderation.blockHint")}</p>
      <div class="field">
        <label for="block-length">{t("moderation.howLong")}</label>
        <select
          id="block-length"
          class="input"
          value={hours.value}
          onChange={(event) => {
            hours.value = Number(event.currentTarget.value);
          }}
        >
          <option value={EMERGENCY}>{t("moderation.emergency")}</option>
          {HOURS.map((count) => (
            <option key={count} value={count}>
              {t("moderation.hours", { count })}
            </option>
          ))}
        </select>
      </div>
      <Field
        label={t("moderation.reason")}
        hint={t("moderation.reasonHint")}
        value={reason.value}
        onText={(given) => {
          reason.value = given;
        }}
        attributes={{ maxLength: 200 }}
      />
      <FormFault fault={blocking.fault.value} />
    </Dialog>
  );
}

function Lift({ id }: { id: number }) {
  const lifting = useDeed();
  return (
    <div>
      <Button kind="quiet" busy={lifting.busy.value} onPress={() => lifting.run(() => lift(id))}>
        {t("moderation.lift")}
      </Button>
      <FormFault fault={lifting.fault.value} />
    </div>
  );
}

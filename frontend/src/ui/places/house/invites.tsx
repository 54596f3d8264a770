/** Invites: links that let people in, made, shown once, and revoked. */
import { type Signal, useSignal } from "@preact/signals";
import {
  type Invite,
  type InviteMade,
  invite,
  invites,
  letModeratorsInvite,
  revoke,
} from "../../../state/invites.ts";
import { ownsSite } from "../../../state/moderation.ts";
import { tell } from "../../../state/notices.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Confirm } from "../../parts/dialog.tsx";
import { Field } from "../../parts/field.tsx";
import { QrCode } from "../../parts/qr.tsx";
import { Empty, FormFault, Loaded } from "../../parts/states.tsx";
import { Until } from "../../parts/time.tsx";

const DAYS = [1, 7, 30, 90];
const USES = [1, 2, 5, 10, 25, 100];

export function Invites() {
  const made = useSignal<InviteMade | null>(null);
  return (
    <>
      {made.value ? <MadeLink made={made} /> : <NewLink made={made} />}
      <section class="stack" aria-labelledby="invites-list">
        <h2 id="invites-list" class="section-title">
          {t("invites.list")}
        </h2>
        <Loaded
          from={invites}
          failed={t("invites.failed")}
          isEmpty={(found) => found.invites.length === 0}
          empty={<Empty icon="user-plus" title={t("invites.empty")} hint={t("invites.emptyHint")} />}
        >
          {(found) => (
            <ul class="bare people-list devices">
              {found.invites.map((one) => (
                <InviteLine key={one.id} one={one} />
              ))}
            </ul>
          )}
        </Loaded>
      </section>
      {ownsSite.value && invites.data.value && <Moderators may={invites.data.value.moderators_may} />}
    </>
  );
}

function Moderators({ may }: { may: boolean }) {
  const changing = useDeed();
  const wanted = useSignal(may);
  async function change(allowed: boolean): Promise<void> {
    wanted.value = allowed;
    if (!(await changing.run(() => letModeratorsInvite(allowed)))) wanted.value = !allowed;
  }
  return (
    <section class="card stack close">
      <label class="switch">
        <input
          type="checkbox"
          checked={wanted.value}
          onChange={(event) => void change(event.currentTarget.checked)}
        />
        <span>{t("invites.moderatorsMay")}</span>
      </label>
      <p class="small muted">{t("invites.moderatorsHint")}</p>
      <FormFault fault={changing.fault.value} />
    </section>
  );
}

function NewLink({ made }: { made: Signal<InviteMade | null> }) {
  const label = useSignal("");
  const days = useSignal(7);
  const uses = useSignal(1);
  const making = useDeed();
  const make = () =>
    making.run(async () => {
      made.value = await invite({ label: label.value.trim(), days: days.value, uses: uses.value });
    });
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <p class="muted">{t("invites.lead")}</p>
      <Field
        label={t("invites.label")}
        hint={t("invites.labelHint")}
        value={label.value}
        onText={(text) => {
          label.value = text;
        }}
        attributes={{ dir: "auto", maxLength: 80 }}
      />
      <Choice id="invite-days" label="invites.days" option="invites.dayCount" of={DAYS} chosen={days} />
      <Choice id="invite-uses" label="invites.uses" option="invites.useCount" of={USES} chosen={uses} />
      <FormFault fault={making.fault.value} />
      <Button kind="primary" icon="user-plus" submit busy={making.busy.value}>
        {t("invites.make")}
      </Button>
    </form>
  );
}

interface ChoiceProps {
  id: string;
  label: "invites.days" | "invites.uses";
  option: "invites.dayCount" | "invites.useCount";
  of: readonly number[];
  chosen: Signal<number>;
}

function Choice({ id, label, option, of, chosen }: ChoiceProps) {
  return (
    <div class="field">
      <label for={id}>{t(label)}</label>
      <select
        id={id}
        class="input"
        value={chosen.value}
        onChange={(event) => {
          chosen.value = Number(event.currentTarget.value);
        }}
      >
        {of.map((count) => (
          <option key={count} value={count}>
            {t(option, { count })}
          </option>
        ))}
      </select>
    </div>
  );
}

/** The one time that the link can be read. */
function MadeLink({ made }: { made: Signal<InviteMade | null> }) {
  const link = made.value?.link ?? "";
  return (
    <section class="card stack" aria-labelledby="invite-made">
      <h2 id="invite-made">{t("invites.made")}</h2>
      <p>{t("invites.madeHint")}</p>
      <p class="key" dir="ltr">
        {link}
      </p>
      <QrCode text={link} label={t("invites.qr")} />
      <div class="row">
        <Button
          kind="primary"
          icon="copy"
          onPress={async () => {
            await navigator.clipboard.writeText(link);
            tell(t("site.copied"));
          }}
        >
          {t("invites.copy")}
        </Button>
        <Button
          kind="quiet"
          onPress={() => {
            made.value = null;
          }}
        >
          {t("invites.another")}
        </Button>
      </div>
    </section>
  );
}

function InviteLine({ one }: { one: Invite }) {
  const asking = useSignal(false);
  const revoking = useDeed();
  const name = one.label || t("invites.unnamed");
  return (
    <li>
      <div>
        <p>
          <strong dir="auto">{name}</strong>
        </p>
        <p class="small muted">
          {t("invites.used", { used: one.members.length, uses: one.uses })} ·{" "}
          {one.open ? (
            <>
              {t("invites.until")} <Until at={one.expires} />
            </>
          ) : (
            t("invites.closed")
          )}
        </p>
        {one.members.length > 0 && (
          <p class="small">
            {t("invites.came", { names: one.members.map((each) => `@${each}`).join(", ") })}
          </p>
        )}
        <FormFault fault={revoking.fault.value} />
      </div>
      {one.open && (
        <Button
          kind="quiet"
          icon="ban"
          onPress={() => {
            asking.value = true;
          }}
        >
          {t("invites.revoke")}
        </Button>
      )}
      {asking.value && (
        <Confirm
          title={t("invites.revokeTitle", { name })}
          hint={t("invites.revokeHint")}
          deed={t("invites.revokeNow")}
          busy={revoking.busy.value}
          onClose={() => {
            asking.value = false;
          }}
          onConfirm={async () => {
            await revoking.run(() => revoke(one.id));
            asking.value = false;
          }}
        />
      )}
    </li>
  );
}

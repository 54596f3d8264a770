/** One of those one follows: where it leads, what is wrong with it, and its settings. */
import { useSignal } from "@preact/signals";
import { Link } from "wouter-preact";
import { tell } from "../../../state/notices.ts";
import { mute, rename, unfollow } from "../../../state/people.ts";
import type { Follow } from "../../../state/shapes.ts";
import { t } from "../../catalogue/catalogue.ts";
import { AddressText } from "../../parts/address.tsx";
import { Avatar } from "../../parts/avatar.tsx";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { Field } from "../../parts/field.tsx";
import { FormFault, sentence } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { personPath } from "../paths.ts";

function nameOf(one: Follow): string {
  return one.title || one.name || one.address || one.url;
}

export function FollowLine({ one }: { one: Follow }) {
  const open = useSignal(false);
  const name = nameOf(one);
  return (
    <li class="person-line">
      <Avatar name={name} picture={one.picture} />
      <span>
        <Leading one={one} name={name} />
        <AddressText text={one.address ?? one.url} class="small muted" />
        {one.muted && <span class="small muted">{t("people.muted")}</span>}
        {one.problem && <span class="small trouble">{sentence({ code: one.problem })}</span>}
      </span>
      <Button
        kind="quiet"
        icon="pencil"
        iconOnly
        onPress={() => {
          open.value = true;
        }}
      >
        {t("people.settings", { name })}
      </Button>
      {open.value && (
        <Settings
          one={one}
          name={name}
          onClose={() => {
            open.value = false;
          }}
        />
      )}
    </li>
  );
}

function Leading({ one, name }: { one: Follow; name: string }) {
  if (one.address === null) {
    return (
      <a class="author" href={one.url} dir="auto">
        {name}
      </a>
    );
  }
  return (
    <Link to={personPath(one.address)} className="author">
      <bdi>{name}</bdi>
    </Link>
  );
}

interface SettingsProps {
  one: Follow;
  name: string;
  onClose: () => void;
}

function Settings({ one, name, onClose }: SettingsProps) {
  const title = useSignal(one.title);
  const doing = useDeed();
  async function act(deed: () => Promise<void>, said: string): Promise<void> {
    if (!(await doing.run(deed))) return;
    tell(said);
    onClose();
  }
  const footer = (
    <>
      <Button onPress={() => act(() => unfollow(one.id), t("people.unfollowed", { name }))}>
        {t("people.unfollow")}
      </Button>
      <Button onPress={() => act(() => mute(one.id, !one.muted), t("people.saved"))}>
        {one.muted ? t("people.unmute") : t("people.mute")}
      </Button>
      <Button
        kind="primary"
        busy={doing.busy.value}
        onPress={() => act(() => rename(one.id, title.value), t("people.saved"))}
      >
        {t("app.save")}
      </Button>
    </>
  );
  return (
    <Dialog title={name} onClose={onClose} footer={footer}>
      <p class="small muted">
        {t(`people.kind.${one.kind}`)}
        {one.polled !== null && (
          <>
            {" · "}
            {t("people.read")} <Time at={one.polled} />
          </>
        )}
      </p>
      <Field
        label={t("people.ownTitle")}
        hint={t("people.ownTitleHint")}
        value={title.value}
        attributes={{ maxLength: 100, dir: "auto", placeholder: one.name }}
        onText={(text) => {
          title.value = text;
        }}
      />
      <p class="small muted">{t("people.settingsHint")}</p>
      <FormFault fault={doing.fault.value} />
    </Dialog>
  );
}

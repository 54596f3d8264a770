/** One's own picture: choose it and which part of it, describe it, take it away. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Crop } from "../../../state/cropping.ts";
import { tell } from "../../../state/notices.ts";
import { describe, progress, show, takeAway } from "../../../state/portrait.ts";
import { me } from "../../../state/session.ts";
import type { Picture } from "../../../state/shapes.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Avatar } from "../../parts/avatar.tsx";
import { Button } from "../../parts/button.tsx";
import { type Deed, useDeed } from "../../parts/deed.ts";
import { DeedForm } from "../../parts/deed-form.tsx";
import { Confirm } from "../../parts/dialog.tsx";
import { Field } from "../../parts/field.tsx";
import { percentText } from "../../parts/size.ts";
import { cut } from "../../parts/square.tsx";
import { FormFault } from "../../parts/states.tsx";
import { Cropper } from "./crop.tsx";

const TAKEN = "image/jpeg,image/png,image/gif,image/webp,image/avif";
const LONGEST = 1500;

export function Portrait() {
  const profile = me.value?.profile;
  const sending = useDeed();
  if (!profile) return null;
  const { picture } = profile;
  return (
    <section class="card" aria-labelledby="portrait-title">
      <h2 id="portrait-title">{t("portrait.title")}</h2>
      <div class="portrait">
        <Avatar name={profile.name} picture={picture?.url} alt={picture?.alt} size="big" />
        <div class="stack close">
          <p class="muted">{t("portrait.hint")}</p>
          <div class="row">
            <Choose sending={sending} replacing={picture !== null} />
            {picture && progress.value === null && <TakeAway />}
          </div>
        </div>
      </div>
      {progress.value !== null && <Going part={progress.value} />}
      <FormFault fault={sending.fault.value} />
      {picture && <Words key={picture.url} picture={picture} />}
    </section>
  );
}

interface Chosen {
  readonly file: File;
  readonly image: ImageBitmap;
}

function Choose({ sending, replacing }: { sending: Deed; replacing: boolean }) {
  const picker = useRef<HTMLInputElement>(null);
  const chosen = useSignal<Chosen | null>(null);
  useEffect(() => () => chosen.peek()?.image.close(), [chosen]);
  async function send(file: File): Promise<void> {
    if (await sending.run(() => show(file))) tell(t("portrait.shown"));
  }
  async function take(file: File | undefined): Promise<void> {
    if (picker.current) picker.current.value = "";
    const image = file && (await createImageBitmap(file).catch(() => null));
    if (file && image) chosen.value = { file, image };
    else if (file) await send(file); // the site says what is wrong with it, or can read what this browser cannot
  }
  function close(): void {
    chosen.value?.image.close();
    chosen.value = null;
  }
  async function use({ file, image }: Chosen, crop: Crop): Promise<void> {
    const part = await cut(file, image, crop);
    close();
    await send(part ?? file);
  }
  return (
    <>
      <input
        ref={picker}
        type="file"
        hidden
        accept={TAKEN}
        aria-label={t("portrait.choose")}
        onChange={(event) => void take(event.currentTarget.files?.[0])}
      />
      <Button icon="image" busy={sending.busy.value} onPress={() => picker.current?.click()}>
        {replacing ? t("portrait.replace") : t("portrait.choose")}
      </Button>
      {chosen.value && (
        <Cropper
          image={chosen.value.image}
          onUse={(crop) => chosen.value && use(chosen.value, crop)}
          onClose={close}
        />
      )}
    </>
  );
}

function Going({ part }: { part: number }) {
  return (
    <div class="stack close">
      <progress aria-label={t("portrait.progress")} max={1} {...(part < 1 ? { value: part } : {})} />
      <p class="small muted" role="status">
        {part < 1 ? t("media.sending", { percent: percentText(part) }) : t("media.preparing")}
      </p>
    </div>
  );
}

function Words({ picture }: { picture: Picture }) {
  const alt = useSignal(picture.alt);
  const saving = useDeed();
  async function save(): Promise<void> {
    if (await saving.run(() => describe(alt.value.trim()))) tell(t("portrait.described"));
  }
  return (
    <DeedForm deed={saving} label={t("portrait.describe")} kind="plain" class="close" onSend={save}>
      <Field
        label={t("media.alt")}
        hint={t("portrait.altHint")}
        value={alt.value}
        onText={(text) => {
          alt.value = text;
        }}
        attributes={{ dir: "auto", maxLength: LONGEST }}
      />
    </DeedForm>
  );
}

function TakeAway() {
  const asking = useSignal(false);
  const removing = useDeed();
  return (
    <>
      <Button
        kind="quiet"
        icon="trash"
        onPress={() => {
          asking.value = true;
        }}
      >
        {t("portrait.remove")}
      </Button>
      {asking.value && (
        <Confirm
          title={t("portrait.removeTitle")}
          hint={t("portrait.removeHint")}
          deed={t("portrait.remove")}
          busy={removing.busy.value}
          onClose={() => {
            asking.value = false;
          }}
          onConfirm={async () => {
            if (await removing.run(takeAway)) tell(t("portrait.removed"));
            asking.value = false;
          }}
        />
      )}
      <FormFault fault={removing.fault.value} />
    </>
  );
}

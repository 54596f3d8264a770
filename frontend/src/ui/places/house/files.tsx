/** One's own files: what they weigh, where they are shown, and deleting what nothing shows. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { files, removeFile, usage } from "../../../state/files.ts";
import { tell } from "../../../state/notices.ts";
import type { OwnMedia } from "../../../state/shapes.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Confirm } from "../../parts/dialog.tsx";
import { Thumb } from "../../parts/media.tsx";
import { sizeText } from "../../parts/size.ts";
import { Empty, FormFault, Loaded, sentence } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";

export function Files() {
  return (
    <>
      <p class="muted">{t("files.lead")}</p>
      <Space />
      <Loaded
        from={files}
        failed={t("files.failed")}
        isEmpty={(found) => found.length === 0}
        empty={<Empty icon="folder" title={t("files.empty")} hint={t("files.emptyHint")} />}
      >
        {(found) => (
          <ul class="bare attachments">
            {found.map((file) => (
              <li key={file.uid}>
                <FileLine file={file} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </>
  );
}

function Space() {
  useEffect(() => {
    void usage.load();
  }, []);
  const found = usage.data.value;
  if (!found) return null;
  return (
    <div class="card space">
      <meter
        aria-label={t("files.usedLabel")}
        min={0}
        max={found.quota || 1}
        high={found.quota * 0.9}
        value={found.used + found.coming}
      />
      <p>
        {t("files.used", { used: sizeText(found.used), quota: sizeText(found.quota) })}
        {found.coming > 0 && (
          <span class="muted"> · {t("files.coming", { size: sizeText(found.coming) })}</span>
        )}
      </p>
    </div>
  );
}

function about(file: OwnMedia): string {
  if (file.state === "working") return t("files.working");
  if (file.state === "refused") return t("files.refused", { reason: sentence({ code: file.problem }) });
  return file.uses > 0 ? t("files.shown", { count: file.uses }) : t("files.unused");
}

function FileLine({ file }: { file: OwnMedia }) {
  const asking = useSignal(false);
  const removing = useDeed();
  return (
    <div class="attachment">
      <Thumb media={file.shown} />
      <div class="attachment-about">
        <p>
          <bdi>{file.name}</bdi>
        </p>
        <p class="small muted">
          {about(file)} · {sizeText(file.size)} · <Time at={file.created} />
        </p>
        <FormFault fault={removing.fault.value} />
      </div>
      {file.uses === 0 && (
        <Button
          kind="quiet"
          icon="trash"
          iconOnly
          onPress={() => {
            asking.value = true;
          }}
        >
          {t("files.delete", { name: file.name })}
        </Button>
      )}
      {asking.value && (
        <Confirm
          title={t("files.deleteTitle")}
          hint={t("files.deleteHint")}
          deed={t("files.deleteNow")}
          busy={removing.busy.value}
          onClose={() => {
            asking.value = false;
          }}
          onConfirm={async () => {
            if (await removing.run(() => removeFile(file.uid))) tell(t("files.deleted"));
            asking.value = false;
          }}
        />
      )}
    </div>
  );
}

/** Drafts: what was begun, in any browser of the member. */
import { useLocation } from "wouter-preact";
import type { Draft } from "../../../state/shapes.ts";
import { drafts, takeUp, throwAway } from "../../../state/writing.ts";
import { t } from "../../catalogue/catalogue.ts";
import { focusPart, Page } from "../../page.tsx";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Empty, FormFault, Loaded } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";

export function Drafts() {
  return (
    <Page title={t("writing.drafts")} back={{ to: "/", label: t("porch.title") }}>
      <p class="muted">{t("writing.draftsLead")}</p>
      <Loaded
        from={drafts}
        failed={t("writing.draftsFailed")}
        isEmpty={(list) => list.length === 0}
        empty={<Empty icon="pencil" title={t("writing.draftsNone")} hint={t("writing.draftsNoneHint")} />}
      >
        {(list) => (
          <ul class="bare stack">
            {list.map((one) => (
              <DraftLine key={one.id} draft={one} />
            ))}
          </ul>
        )}
      </Loaded>
    </Page>
  );
}

function DraftLine({ draft }: { draft: Draft }) {
  const [, navigate] = useLocation();
  const throwing = useDeed();
  function goOn(): void {
    takeUp(draft, draft.post === null ? "post" : `edit.${draft.post}`);
    navigate(draft.post === null ? "/" : `/posts/${draft.post}`);
    focusPart("write");
  }
  return (
    <li class="card stack close">
      <h2 class="author" dir="auto">
        {draft.title ||
          draft.source.slice(0, 80) ||
          draft.tags.join(", ") ||
          t("media.count", { count: draft.shows.length })}
      </h2>
      {draft.title && draft.source && (
        <p class="excerpt" dir="auto">
          {draft.source.slice(0, 200)}
        </p>
      )}
      <p class="small muted">
        {draft.post !== null && `${t("writing.draftOfChange")} · `}
        <Time at={draft.updated} />
      </p>
      <FormFault fault={throwing.fault.value} />
      <div class="row">
        <Button kind="primary" icon="pencil" onPress={goOn}>
          {t("writing.goOn")}
        </Button>
        <Button icon="trash" busy={throwing.busy.value} onPress={() => throwing.run(() => throwAway(draft))}>
          {t("writing.throwAway")}
        </Button>
      </div>
    </li>
  );
}

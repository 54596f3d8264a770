/** The comments below a post, and the form for one's own. */
import { Link } from "wouter-preact";
import { comment, commentsOf } from "../../../state/comments.ts";
import { identity } from "../../../state/identity.ts";
import { tell } from "../../../state/notices.ts";
import type { TimelineItem } from "../../../state/shapes.ts";
import { rich, t } from "../../catalogue/catalogue.ts";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { useDraft } from "../../parts/draft.ts";
import { Grow } from "../../parts/field.tsx";
import { FormFault, Loaded } from "../../parts/states.tsx";
import { CommentLine } from "./comment.tsx";
import { WhoMay } from "./who-may.tsx";

export function Comments({ item }: { item: TimelineItem }) {
  return (
    <section class="comments" aria-label={t("comments.title")}>
      <Loaded
        from={commentsOf(item.id)}
        failed={t("comments.failed")}
        bones={1}
        isEmpty={(list) => list.length === 0}
        empty={<p class="muted">{t("comments.empty")}</p>}
      >
        {(list) => (
          <ol class="bare stack">
            {list.map((one) => (
              <CommentLine key={one.id} comment={one} item={item} />
            ))}
          </ol>
        )}
      </Loaded>
      {item.post !== null && <WhoMay post={item.post} />}
      <Own item={item} />
    </section>
  );
}

function Own({ item }: { item: TimelineItem }) {
  if (!item.comments_open) return <p class="small muted">{t("comments.closed")}</p>;
  return identity.value.status === "ready" ? <CommentForm item={item} /> : <Unsigned />;
}

function Unsigned() {
  const link = <Link to="/talk">{t("unlinked.why")}</Link>;
  return <p class="small muted">{rich("comments.unlinked", { link })}</p>;
}

function CommentForm({ item }: { item: TimelineItem }) {
  const text = useDraft(`comment.${item.url}`);
  const sending = useDeed();

  async function send(): Promise<void> {
    if (!text.value.trim()) return;
    await sending.run(async () => {
      const sent = await comment(item, text.value);
      text.value = "";
      tell(
        sent?.state === "shown" ? t("comments.sent") : t("comments.sentPending", { name: item.author.name }),
      );
    });
  }

  return (
    <form
      class="stack close"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send();
      }}
    >
      <Grow
        value={text.value}
        aria-label={t("comments.write")}
        placeholder={t("comments.write")}
        dir="auto"
        maxLength={8000}
        onInput={(event) => {
          text.value = event.currentTarget.value;
        }}
      />
      <FormFault fault={sending.fault.value} />
      <div class="row apart">
        <p class="small muted">{t("comments.public")}</p>
        <Button submit busy={sending.busy.value} disabled={!text.value.trim()}>
          {sending.busy.value ? t("comments.sending") : t("comments.send")}
        </Button>
      </div>
    </form>
  );
}

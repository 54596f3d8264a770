/** One post on the porch: who, from where, when, its words, and its comments in place. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { Link } from "wouter-preact";
import { commentsOf } from "../../../state/comments.ts";
import { tell } from "../../../state/notices.ts";
import { change, readPost, remove } from "../../../state/posts.ts";
import type { TimelineItem, WrittenPost } from "../../../state/shapes.ts";
import { rich, t } from "../../catalogue/catalogue.ts";
import { Icon } from "../../icon.tsx";
import { AddressText } from "../../parts/address.tsx";
import { Avatar } from "../../parts/avatar.tsx";
import { Body } from "../../parts/body.tsx";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Confirm } from "../../parts/dialog.tsx";

import { Gallery } from "../../parts/media.tsx";

import { ReportButton } from "../../parts/report.tsx";

import { FormFault } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { personPath } from "../paths.ts";
import { Comments } from "./comments.tsx";
import { Composer } from "./composer.tsx";
import { Lifting } from "./lifting.tsx";

export function Item({ item }: { item: TimelineItem }) {
  const id = useId();
  const open = useSignal(false);
  const explained = useSignal(false);
  const count = commentsOf(item.id).data.value?.length ?? item.comments_count;
  const editing = useSignal<WrittenPost | null>(null);
  const isSigned = item.signature === "signed" || item.signature === "words";
  return (
    <article class="card item" aria-labelledby={id}>
      {item.recommender && <Recommender who={item.recommender} />}
      <Byline item={item} id={id} />
      {editing.value ? (
        <EditItem item={item} editing={editing} />
      ) : (
        <>
          {item.title && (
            <h3 class="post-title" dir="auto">
              <a href={item.url}>{item.title}</a>
            </h3>
          )}
          {item.signature === "wrong" && <Wrong />}
          <Body nodes={item.body} />
          <Gallery exhibits={item.shows} />
          <Tags item={item} />
        </>
      )}
      <footer class="item-end">
        {(item.comments_open || item.comments_count > 0) && (
          <Button
            kind="quiet"
            icon="message-square"
            attributes={{ "aria-expanded": open.value, "aria-controls": `${id}-comments` }}
            onPress={() => {
              open.value = !open.value;
            }}
          >
            {count > 0 ? t("comments.show", { count }) : t("comments.none")}
          </Button>
        )}
        {isSigned && (
          <Button
            kind="quiet"
            icon="shield-check"
            attributes={{ "aria-expanded": explained.value, "aria-controls": `${id}-signed` }}
            onPress={() => {
              explained.value = !explained.value;
            }}
          >
            {t(item.signature === "words" ? "porch.signedWords" : "porch.signed")}
          </Button>
        )}
        {!item.recommender && <Lifting item={item} />}
        {item.post !== null && !editing.value && <OwnTools item={item} editing={editing} />}
        {item.post === null && (
          <ReportButton what="post" about={item.author.address ?? ""} thing={item.url} iconOnly />
        )}
      </footer>
      {isSigned && (
        <p id={`${id}-signed`} class="small muted" hidden={!explained.value}>
          {t(item.signature === "words" ? "porch.signedWordsHint" : "porch.signedHint")}
        </p>
      )}
      <div id={`${id}-comments`} hidden={!open.value}>
        {open.value && <Comments item={item} />}
      </div>
    </article>
  );
}

/** Whoever one follows and recommends this. */
function Recommender({ who }: { who: NonNullable<TimelineItem["recommender"]> }) {
  return (
    <p class="small muted">
      <Icon name="users" /> {rich("porch.recommends", { name: <AuthorLink author={who} name={who.name} /> })}
    </p>
  );
}

/** The site shows other words than the author's device signed. */
function Wrong() {
  return (
    <p class="problem">
      <Icon name="circle-alert" />
      <span>{t("porch.wrong")}</span>
    </p>
  );
}

function Tags({ item }: { item: TimelineItem }) {
  if (item.tags.length === 0) return null;
  return (
    <ul class="bare tags" aria-label={t("writing.tags")}>
      {item.tags.map((tag) => (
        <li key={tag}>
          <a
            class="tag"
            href={`${item.author.url}/tag/${encodeURIComponent(tag.normalize("NFC").toLowerCase())}`}
          >
            <bdi>#{tag}</bdi>
          </a>
        </li>
      ))}
    </ul>
  );
}

function Byline({ item, id }: { item: TimelineItem; id: string }) {
  const { author, source } = item;
  const name = author.name || source.title;
  const from = author.address ?? source.title;
  return (
    <header class="byline">
      <Avatar name={name} picture={author.picture} />
      <div>
        <h2 id={id} class="author" dir="auto">
          <AuthorLink author={author} name={name} />
        </h2>
        <p class="small muted source">
          <Icon name={author.address ? "lamp" : "rss"} />
          <span class="hidden-visually">{t(author.address ? "porch.kind.site" : "porch.kind.feed")}</span>
          <AddressText text={from} />
          <span aria-hidden="true">·</span>
          <a href={item.url}>
            <Time at={item.published} />
            <span class="hidden-visually">: {t("porch.openPage")}</span>
          </a>
          {item.version > 1 && (
            <span>
              · {t("writing.edited")} <Time at={item.updated} />
            </span>
          )}
        </p>
      </div>
    </header>
  );
}

function AuthorLink({ author, name }: { author: TimelineItem["author"]; name: string }) {
  if (author.address) return <Link to={personPath(author.address)}>{name}</Link>;
  return author.url ? <a href={author.url}>{name}</a> : <span>{name}</span>;
}

type Editing = { value: WrittenPost | null };

function EditItem({ item, editing }: { item: TimelineItem; editing: Editing }) {
  const own = item.post;
  if (!editing.value || own === null) return null;
  return (
    <Composer
      draft={`edit.${own}`}
      start={editing.value}
      post={own}
      deed={t("porch.save")}
      onSend={async (fields) => {
        await change(own, fields);
        editing.value = null;
      }}
      onCancel={() => {
        editing.value = null;
      }}
    />
  );
}

function OwnTools({ item, editing }: { item: TimelineItem; editing: Editing }) {
  const asking = useSignal(false);
  const reading = useDeed();
  const removing = useDeed();
  return (
    <>
      <Button
        kind="quiet"
        icon="pencil"
        busy={reading.busy.value}
        onPress={() =>
          reading.run(async () => {
            editing.value = await readPost(item.post ?? 0);
          })
        }
      >
        {t("porch.edit")}
      </Button>
      <Button
        kind="quiet"
        icon="trash"
        onPress={() => {
          asking.value = true;
        }}
      >
        {t("porch.delete")}
      </Button>
      <FormFault fault={reading.fault.value ?? removing.fault.value} />
      {asking.value && (
        <Confirm
          title={t("porch.deleteTitle")}
          hint={t("porch.deleteHint")}
          deed={t("porch.deleteNow")}
          busy={removing.busy.value}
          onClose={() => {
            asking.value = false;
          }}
          onConfirm={async () => {
            if (await removing.run(() => remove(item))) tell(t("porch.deleted"));
            asking.value = false;
          }}
        />
      )}
    </>
  );
}

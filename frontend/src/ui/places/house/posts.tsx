/** One's own posts: pins, earlier versions, and the way to each. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { safeBody } from "../../../state/body.ts";
import { openHistory } from "../../../state/posts.ts";
import { ownPosts, pin, versions } from "../../../state/recent.ts";
import type { OwnPost } from "../../../state/shapes.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Body } from "../../parts/body.tsx";
import { Button, OutButton, PlaceButton } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Empty, FormFault, Loaded } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { Archive } from "./archive.tsx";

export function Posts() {
  return (
    <>
      <OwnPosts />
      <Archive />
    </>
  );
}

function OwnPosts() {
  return (
    <Loaded
      from={ownPosts}
      failed={t("posts.failed")}
      isEmpty={(list) => list.length === 0}
      empty={<Empty icon="file-text" title={t("posts.none")} hint={t("posts.noneHint")} />}
    >
      {(list) => (
        <ul class="bare stack">
          {list.map((post) => (
            <PostLine key={post.id} post={post} />
          ))}
        </ul>
      )}
    </Loaded>
  );
}

function PostLine({ post }: { post: OwnPost }) {
  const id = useId();
  const open = useSignal(false);
  const pinning = useDeed();
  return (
    <li class="card stack close">
      <h2 class="author" dir="auto">
        {post.title || post.source.slice(0, 80)}
      </h2>
      <p class="small muted">
        {post.pinned && `${t("posts.pinned")} · `}
        <Time at={post.published} />
        {post.version > 1 && (
          <>
            {" "}
            · {t("writing.edited")} <Time at={post.updated} />
          </>
        )}
      </p>
      <FormFault fault={pinning.fault.value} />
      <div class="row">
        <OutButton href={post.url} icon="globe" kind="quiet">
          {t("posts.open")}
        </OutButton>
        <PlaceButton to={`/posts/${post.id}`} icon="pencil" kind="quiet">
          {t("porch.edit")}
        </PlaceButton>
        <Button
          kind="quiet"
          icon={post.pinned ? "x" : "map-pin"}
          busy={pinning.busy.value}
          onPress={() => pinning.run(() => pin(post, !post.pinned))}
        >
          {post.pinned ? t("posts.unpin") : t("posts.pin")}
        </Button>
        {post.version > 1 && (
          <Button
            kind="quiet"
            icon="clock"
            attributes={{ "aria-expanded": open.value, "aria-controls": id }}
            onPress={() => {
              open.value = !open.value;
            }}
          >
            {t("posts.history")}
          </Button>
        )}
      </div>
      <div id={id} hidden={!open.value}>
        {open.value && <History post={post} />}
      </div>
    </li>
  );
}

function History({ post }: { post: OwnPost }) {
  const opening = useDeed();
  return (
    <section class="stack" aria-label={t("posts.history")}>
      <label class="switch">
        <input
          type="checkbox"
          checked={post.open_history}
          onChange={(event) => {
            const wanted = event.currentTarget.checked;
            void opening.run(() => openHistory(post.id, wanted));
          }}
        />
        <span>{t("posts.historyOpen")}</span>
      </label>
      <FormFault fault={opening.fault.value} />
      <Loaded
        from={versions.of(String(post.id))}
        failed={t("posts.historyFailed")}
        bones={1}
        isEmpty={(list) => list.length === 0}
        empty={<p class="muted">{t("posts.historyNone")}</p>}
      >
        {(list) => (
          <ol class="bare stack">
            {list.map((one) => (
              <li key={one.number} class="preview">
                <p class="small muted">
                  {t("posts.version", { number: one.number })} · <Time at={one.time} />
                </p>
                {one.title && (
                  <h3 class="post-title" dir="auto">
                    {one.title}
                  </h3>
                )}
                <Body nodes={safeBody(one.body)} />
              </li>
            ))}
          </ol>
        )}
      </Loaded>
    </section>
  );
}

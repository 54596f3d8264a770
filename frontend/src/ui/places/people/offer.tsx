/** What following an address would bring: who or what it is, its newest posts, and what else the page has. */
import { useLocation } from "wouter-preact";
import { tell } from "../../../state/notices.ts";
import { follow, preview } from "../../../state/people.ts";
import type { FollowPreview } from "../../../state/shapes.ts";
import { t } from "../../catalogue/catalogue.ts";
import { AddressText } from "../../parts/address.tsx";
import { Avatar } from "../../parts/avatar.tsx";
import { Button, OutButton, PlaceButton } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { FormFault, Loaded } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { personPath } from "../paths.ts";

export function Offer({ address }: { address: string }) {
  return (
    <Loaded from={preview(address)} failed={t("people.offerFailed")} bones={2}>
      {(found) => <Offered found={found} />}
    </Loaded>
  );
}

function Offered({ found }: { found: FollowPreview }) {
  return (
    <>
      <article class="person">
        <Avatar name={found.name} size="big" />
        <div class="stack close">
          <p class="person-name" dir="auto">
            {found.name}
          </p>
          <p class="small muted">
            {t(`people.kind.${found.kind}`)} · <AddressText text={found.home} />
          </p>
        </div>
        <Deeds found={found} />
      </article>
      <section class="stack" aria-labelledby="offer-posts">
        <h2 id="offer-posts" class="section-title">
          {t("people.posts")}
        </h2>
        <Recent posts={found.posts} />
      </section>
      {found.others.length > 0 && <Others others={found.others} />}
    </>
  );
}

function Deeds({ found }: { found: FollowPreview }) {
  const [, navigate] = useLocation();
  const adding = useDeed();
  const add = async () => {
    if (!(await adding.run(() => follow(found.url)))) return;
    tell(t("people.followed", { name: found.name }));
    navigate("/people");
  };
  return (
    <div class="row deeds">
      {found.follow === null ? (
        <Button kind="primary" icon="rss" busy={adding.busy.value} onPress={add}>
          {t("people.follow")}
        </Button>
      ) : (
        <p class="muted">{t("people.alreadyFollowed")}</p>
      )}
      <OutButton href={found.home} kind="quiet" icon="globe">
        {t("people.openPage")}
      </OutButton>
      <FormFault fault={adding.fault.value} />
    </div>
  );
}

function Recent({ posts }: { posts: FollowPreview["posts"] }) {
  if (posts.length === 0) return <p class="muted">{t("people.offerNone")}</p>;
  return (
    <ul class="bare people-list">
      {posts.map((post, place) => (
        <li key={`${post.url} ${place}`}>
          <PostLine post={post} />
        </li>
      ))}
    </ul>
  );
}

function PostLine({ post }: { post: FollowPreview["posts"][number] }) {
  const inside = (
    <>
      <span class="post-line-title" dir="auto">
        {post.title || t("people.untitled")}
      </span>
      {post.published !== null && (
        <span class="small muted">
          <Time at={post.published} />
        </span>
      )}
    </>
  );
  if (!post.url) return <p class="post-line">{inside}</p>;
  return (
    <a href={post.url} class="post-line">
      {inside}
    </a>
  );
}

function Others({ others }: { others: FollowPreview["others"] }) {
  return (
    <section class="stack" aria-labelledby="offer-others">
      <h2 id="offer-others" class="section-title">
        {t("people.offerOthers")}
      </h2>
      <ul class="bare stack close">
        {others.map((one) => (
          <li key={one.url} class="row apart">
            <span>
              <span dir="auto">{one.title || t(`people.kind.${one.kind}`)}</span>{" "}
              <AddressText text={one.url} class="small muted" />
            </span>
            <PlaceButton to={personPath(one.url)} kind="quiet" icon="search">
              {t("people.offerOther", { name: one.title || t(`people.kind.${one.kind}`) })}
            </PlaceButton>
          </li>
        ))}
      </ul>
    </section>
  );
}

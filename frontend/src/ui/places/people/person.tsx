/** Somebody's page: who they are, following them, writing to them, their newest posts. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { addressText } from "../../../state/addresses.ts";
import { open } from "../../../state/conversations.ts";
import { identity } from "../../../state/identity.ts";
import { tell } from "../../../state/notices.ts";
import { follow, following, followOf, person, unfollow } from "../../../state/people.ts";
import { me } from "../../../state/session.ts";
import type { Person, PersonPost } from "../../../state/shapes.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Icon } from "../../icon.tsx";
import { Page } from "../../page.tsx";
import { AddressText } from "../../parts/address.tsx";
import { Avatar } from "../../parts/avatar.tsx";
import { Button, OutButton, PlaceButton } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Confirm } from "../../parts/dialog.tsx";
import { ReportButton } from "../../parts/report.tsx";
import { FormFault, Loaded } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { BlockButton } from "./block.tsx";
import { Offer } from "./offer.tsx";

export function PersonPage({ address }: { address: string }) {
  const found = person(address);
  const shown = found.data.value;
  const isNobody = found.fault.value !== null && shown === undefined;
  useEffect(() => {
    void following.load();
  }, []);
  return (
    <Page
      title={shown?.name || address}
      named={shown !== undefined}
      back={{ to: "/people", label: t("people.back") }}
    >
      {isNobody ? (
        <Offer address={address} />
      ) : (
        <Loaded from={found} failed={t("people.failed")} bones={2}>
          {(who) => <Profile who={who} />}
        </Loaded>
      )}
    </Page>
  );
}

function Profile({ who }: { who: Person }) {
  const address = addressText(who.address);
  const self = me.value !== null && addressText(me.value.address) === address;
  const name = who.name || who.address.username;
  return (
    <>
      <article class="person">
        <Avatar name={name} picture={who.picture?.url} alt={who.picture?.alt} size="big" />
        <div class="stack close">
          <p class="person-name" dir="auto" aria-hidden="true">
            {name}
          </p>
          {who.position && (
            <p class="person-position" dir="auto">
              {who.position}
            </p>
          )}
          <p>
            <AddressText text={address} class="small muted mono" />
          </p>
        </div>
        {who.description && (
          <p class="reading person-about" dir="auto">
            {who.description}
          </p>
        )}
        <ul class="bare row person-facts small muted">
          {who.location && (
            <li>
              <Icon name="map-pin" /> <span dir="auto">{who.location}</span>
            </li>
          )}
          {who.updated !== null && (
            <li>
              <Icon name="calendar" /> {t("people.updated")} <Time at={who.updated} />
            </li>
          )}
          {who.local && !self && (
            <li>
              <Icon name="house" /> {t("people.local")}
            </li>
          )}
        </ul>
        {self ? <OwnDeeds who={who} /> : <Deeds who={who} name={name} address={address} />}
      </article>
      <section class="stack" aria-labelledby="person-posts">
        <h2 id="person-posts" class="section-title">
          {t("people.posts")}
        </h2>
        <Posts posts={who.posts} />
      </section>
    </>
  );
}

function OwnDeeds({ who }: { who: Person }) {
  return (
    <div class="row">
      <p class="muted">{t("people.self")}</p>
      <PlaceButton to="/house/profile" icon="pencil">
        {t("people.editProfile")}
      </PlaceButton>
      <OutButton href={who.url} icon="globe">
        {t("people.openPage")}
      </OutButton>
    </div>
  );
}

function Deeds({ who, name, address }: { who: Person; name: string; address: string }) {
  return (
    <div class="row deeds">
      <FollowButton who={who} name={name} address={address} />
      <MessageButton who={who} name={name} address={address} />
      <OutButton href={who.url} kind="quiet" icon="globe">
        {t("people.openPage")}
      </OutButton>
      <ReportButton what="person" about={address} thing={address} />
      <BlockButton name={name} address={address} account={who.account} />
    </div>
  );
}

function FollowButton({ who, name, address }: { who: Person; name: string; address: string }) {
  const asking = useSignal(false);
  const doing = useDeed();
  const known = followOf(who).value;
  const add = async () => {
    if (await doing.run(() => follow(address))) tell(t("people.followed", { name }));
  };
  const end = async () => {
    if (known && (await doing.run(() => unfollow(known.id)))) tell(t("people.unfollowed", { name }));
    asking.value = false;
  };
  return (
    <>
      {known ? (
        <Button
          icon="user-check"
          onPress={() => {
            asking.value = true;
          }}
        >
          {t("people.unfollow")}
        </Button>
      ) : (
        <Button kind="primary" icon="user-plus" busy={doing.busy.value} onPress={add}>
          {t("people.follow")}
        </Button>
      )}
      <FormFault fault={doing.fault.value} />
      {asking.value && (
        <Confirm
          title={t("people.unfollowTitle", { name })}
          hint={t("people.unfollowHint")}
          deed={t("people.unfollow")}
          kind="primary"
          busy={doing.busy.value}
          onConfirm={end}
          onClose={() => {
            asking.value = false;
          }}
        />
      )}
    </>
  );
}

function MessageButton({ who, name, address }: { who: Person; name: string; address: string }) {
  const [, navigate] = useLocation();
  const opening = useDeed();
  if (who.account === null) return <p class="small muted">{t("people.noAccount")}</p>;
  if (identity.value.status !== "ready") {
    return (
      <PlaceButton to="/talk" icon="message-circle">
        {t("people.message")}
      </PlaceButton>
    );
  }
  const press = () =>
    opening.run(async () => {
      navigate(`/talk/${await open(address, name)}`);
    });
  return (
    <>
      <Button icon="message-circle" busy={opening.busy.value} onPress={press}>
        {opening.busy.value ? t("people.opening") : t("people.message")}
      </Button>
      <FormFault fault={opening.fault.value} />
    </>
  );
}

function Posts({ posts }: { posts: readonly PersonPost[] }) {
  if (posts.length === 0) return <p class="muted">{t("people.noPosts")}</p>;
  return (
    <ul class="bare people-list">
      {posts.map((post) => (
        <li key={post.id}>
          <a href={post.url} class="post-line">
            <span class="post-line-title" dir="auto">
              {post.title || t("people.untitled")}
            </span>
            {post.published && (
              <span class="small muted">
                <Time at={post.published} />
              </span>
            )}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** People: look somebody up, and see whom you follow. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { tell } from "../../../state/notices.ts";
import { following, readAddress, unfollow } from "../../../state/people.ts";
import type { Follow } from "../../../state/shapes.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Icon } from "../../icon.tsx";
import { Page } from "../../page.tsx";
import { AddressText } from "../../parts/address.tsx";
import { Avatar } from "../../parts/avatar.tsx";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Problem } from "../../parts/field.tsx";
import { Empty, FormFault, Loaded, sentence } from "../../parts/states.tsx";
import { personPath } from "../paths.ts";

export function People() {
  return (
    <Page title={t("people.title")}>
      <Find />
      <section class="stack" aria-labelledby="following-title">
        <h2 id="following-title" class="section-title">
          {t("people.following")}
        </h2>
        <Loaded
          from={following}
          failed={t("people.followingFailed")}
          isEmpty={(list) => list.length === 0}
          empty={
            <Empty icon="users" title={t("people.followingEmpty")} hint={t("people.followingEmptyHint")} />
          }
        >
          {(list) => (
            <ul class="bare people-list">
              {list.map((one) => (
                <FollowLine key={one.id} one={one} />
              ))}
            </ul>
          )}
        </Loaded>
      </section>
    </Page>
  );
}

function Find() {
  const id = useId();
  const typed = useSignal("");
  const bad = useSignal(false);
  const [, navigate] = useLocation();

  function look(): void {
    const address = readAddress(typed.value);
    bad.value = address === null;
    if (address !== null) navigate(personPath(address));
  }

  return (
    <form
      class="field find"
      onSubmit={(event) => {
        event.preventDefault();
        look();
      }}
    >
      <label for={id}>{t("people.find")}</label>
      <div class="find-line">
        <input
          id={id}
          class="input"
          type="text"
          inputMode="email"
          autoCapitalize="none"
          autoComplete="off"
          spellcheck={false}
          placeholder="@ana@example.org"
          data-shortcut="find"
          value={typed.value}
          aria-invalid={bad.value ? "true" : undefined}
          aria-describedby={`${id}-hint${bad.value ? ` ${id}-problem` : ""}`}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
            bad.value = false;
          }}
        />
        <Button kind="primary" icon="search" submit>
          {t("people.findSubmit")}
        </Button>
      </div>
      <p class="hint" id={`${id}-hint`}>
        {t("people.findHint")}
      </p>
      {bad.value && <Problem id={`${id}-problem`} text={t("people.badAddress")} />}
    </form>
  );
}

function FollowLine({ one }: { one: Follow }) {
  if (one.address === null) return <FeedLine one={one} />;
  return (
    <li>
      <Link to={personPath(one.address)} className="person-line">
        <Avatar name={one.name || one.address} />
        <span>
          <span class="author" dir="auto">
            {one.name || one.address}
          </span>
          <AddressText text={one.address} class="small muted" />
          <Trouble one={one} />
        </span>
        <Icon name="chevron-right" mirrored />
      </Link>
    </li>
  );
}

/** A feed has no page here: its own page is a click away, and so is the end of following. */
function FeedLine({ one }: { one: Follow }) {
  const ending = useDeed();
  const end = async () => {
    if (await ending.run(() => unfollow(one.id))) tell(t("people.unfollowed", { name: one.name }));
  };
  return (
    <li class="person-line">
      <Avatar name={one.name} />
      <span>
        <a class="author" href={one.url} dir="auto">
          {one.name}
        </a>
        <AddressText text={one.url} class="small muted" />
        <Trouble one={one} />
        <FormFault fault={ending.fault.value} />
      </span>
      <Button kind="quiet" busy={ending.busy.value} onPress={end}>
        {t("people.unfollow")}
      </Button>
    </li>
  );
}

function Trouble({ one }: { one: Follow }) {
  if (!one.problem) return null;
  return <span class="small trouble">{sentence({ code: one.problem })}</span>;
}

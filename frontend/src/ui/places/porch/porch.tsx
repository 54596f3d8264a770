/** The porch: write, then read what the people you follow wrote. */
import { Fragment } from "preact";
import { useEffect } from "preact/hooks";
import { waitingCount } from "../../../state/comments.ts";
import { identity } from "../../../state/identity.ts";
import { publish } from "../../../state/posts.ts";
import {
  fresh,
  hasOlder,
  loadingOlder,
  loadOlder,
  markSeen,
  olderFault,
  showNew,
  timeline,
  unreadLine,
} from "../../../state/timeline.ts";
import { drafts } from "../../../state/writing.ts";
import { inFront } from "../../browser.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Icon } from "../../icon.tsx";
import { Page } from "../../page.tsx";
import { Button, PlaceButton } from "../../parts/button.tsx";
import { Empty, FormFault, Loaded } from "../../parts/states.tsx";
import { Composer } from "./composer.tsx";
import { Item } from "./item.tsx";

export function Porch() {
  return (
    <Page title={t("porch.title")}>
      {identity.value.status === "none" && <FinishSetup />}
      <Composer draft="post" deed={t("porch.publish")} onSend={publish} folded />
      <More />
      {waitingCount.value > 0 && <Waiting count={waitingCount.value} />}
      <section class="stack" aria-label={t("porch.timeline")}>
        <NewBar />
        <Loaded
          from={timeline}
          failed={t("porch.failed")}
          isEmpty={(items) => items.length === 0}
          empty={
            <Empty icon="lamp" title={t("porch.empty")} hint={t("porch.emptyHint")}>
              <PlaceButton to="/people" icon="users">
                {t("porch.findPeople")}
              </PlaceButton>
            </Empty>
          }
        >
          {(items) => (
            <>
              {items.map((item) => (
                <Fragment key={item.id}>
                  {unreadLine.value === item.id && <UnreadLine />}
                  <Item item={item} />
                </Fragment>
              ))}
              {inFront.value && <Seen key={items[0]?.id} />}
              <Older />
            </>
          )}
        </Loaded>
      </section>
    </Page>
  );
}

/** Above it is what came since one last looked. */
function UnreadLine() {
  return (
    <p class="unread-line">
      <span>{t("porch.unread")}</span>
    </p>
  );
}

const SEEN_AFTER_MS = 1500;

/** Says that the newest was seen, once it was on a visible screen for a moment. */
function Seen() {
  useEffect(() => {
    const timer = setTimeout(markSeen, SEEN_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return null;
}

function More() {
  const count = drafts.data.value?.length ?? 0;
  useEffect(() => {
    void drafts.load();
  }, []);
  return (
    <nav class="row more" aria-label={t("writing.more")}>
      <PlaceButton to="/drafts" icon="pencil" kind="quiet">
        {count > 0 ? t("writing.draftsCount", { count }) : t("writing.drafts")}
      </PlaceButton>
      <PlaceButton to="/recent" icon="arrow-up" kind="quiet">
        {t("writing.recent")}
      </PlaceButton>
      <PlaceButton to="/search" icon="search" kind="quiet">
        {t("writing.search")}
      </PlaceButton>
    </nav>
  );
}

function FinishSetup() {
  return (
    <div class="bar">
      <Icon name="key-round" />
      <p>{t("unlinked.setup")}</p>
      <PlaceButton to="/setup" kind="primary">
        {t("unlinked.setupNow")}
      </PlaceButton>
    </div>
  );
}

function Waiting({ count }: { count: number }) {
  return (
    <div class="bar">
      <Icon name="message-square" />
      <p>{t("approve.bar", { count })}</p>
      <PlaceButton to="/waiting">{t("approve.look")}</PlaceButton>
    </div>
  );
}

/** Says that there is more instead of pushing what is being read. */
function NewBar() {
  const { count, more } = fresh.value;
  return (
    <div class="new-bar" role="status">
      {count > 0 && (
        <Button
          kind="primary"
          icon="arrow-up"
          onPress={() => {
            showNew();
            window.scrollTo({ top: 0 });
          }}
        >
          {more ? t("porch.newMany", { count }) : t("porch.new", { count })}
        </Button>
      )}
    </div>
  );
}

function Older() {
  if (!hasOlder.value) return <p class="muted end-line">{t("porch.end")}</p>;
  return (
    <div class="end-line">
      <FormFault fault={olderFault.value} />
      <Button busy={loadingOlder.value} onPress={loadOlder}>
        {t("porch.older")}
      </Button>
    </div>
  );
}

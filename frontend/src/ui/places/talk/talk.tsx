/** Talk: the list beside the conversation, or one at a time on a phone. */
import { conversation } from "../../../state/conversations.ts";
import { identity } from "../../../state/identity.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Page, useHeading } from "../../page.tsx";
import { Empty } from "../../parts/states.tsx";
import { privateGate } from "../unlinked.tsx";
import { Conversation } from "./conversation.tsx";
import { ConversationList } from "./list.tsx";
import "../../style/talk.css";

export default function Talk({ swarm }: { swarm: string | null }) {
  if (identity.value.status !== "ready") return <Page title={t("talk.title")}>{privateGate()}</Page>;
  return (
    <div class={swarm ? "talk one" : "talk"}>
      <div class="talk-list">
        <ListHead focus={!swarm} />
        <ConversationList here={swarm} />
      </div>
      <div class="talk-open">{swarm ? <Open swarm={swarm} key={swarm} /> : <Pick />}</div>
    </div>
  );
}

function ListHead({ focus }: { focus: boolean }) {
  return (
    <div class="page-head">{focus ? <FocusedTitle /> : <p class="place-title">{t("talk.title")}</p>}</div>
  );
}

function FocusedTitle() {
  const heading = useHeading(t("talk.title"));
  return (
    <h1 ref={heading} tabIndex={-1}>
      {t("talk.title")}
    </h1>
  );
}

function Open({ swarm }: { swarm: string }) {
  const found = conversation(swarm);
  if (!found || found.state === "declined") {
    return (
      <Page title={t("talk.title")} back={{ to: "/talk", label: t("talk.back") }}>
        <Empty icon="message-circle" title={t("talk.missing")} hint={t("talk.missingHint")} />
      </Page>
    );
  }
  return <Conversation conversation={found} />;
}

function Pick() {
  return <Empty icon="message-circle" title={t("talk.pick")} hint={t("talk.pickHint")} />;
}

/** The list of conversations, requests first. */
import { Link } from "wouter-preact";
import { conversations, requests } from "../../../state/conversations.ts";
import type { ConversationView } from "../../../state/views.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Avatar } from "../../parts/avatar.tsx";
import { PlaceButton } from "../../parts/button.tsx";
import { Empty } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import { HereMark } from "./here.tsx";

function previewOf(one: ConversationView): string {
  if (one.state === "request") return t("talk.preview.request");
  const text = one.last?.text;
  if (one.last?.deleted) return t("talk.deleted");
  if (text) return one.last?.own ? t("talk.preview.own", { text }) : text;
  return one.state === "asked" ? t("talk.preview.asked") : t("talk.preview.none");
}

function Line({ one, here }: { one: ConversationView; here: boolean }) {
  const { name } = one.peer;
  return (
    <li>
      <Link to={`/talk/${one.swarm}`} className="talk-line" aria-current={here ? "page" : undefined}>
        <Avatar name={name} address={one.peer.address.text} />
        <span class="talk-line-words">
          <span class="talk-line-head">
            <span class="author" dir="auto">
              {name}
            </span>
            <span class="small muted">
              <Time at={one.time} />
            </span>
          </span>
          <HereMark conversation={one} />
          <span class="talk-line-preview" dir="auto">
            {previewOf(one)}
          </span>
        </span>
        {one.unread > 0 && (
          <span class="count">
            <span aria-hidden="true">{one.unread}</span>
            <span class="hidden-visually">{t("talk.unread", { count: one.unread })}</span>
          </span>
        )}
      </Link>
    </li>
  );
}

export function ConversationList({ here }: { here: string | null }) {
  const asking = requests.value;
  const all = conversations.value;
  if (asking.length + all.length === 0) {
    return (
      <Empty icon="message-circle" title={t("talk.empty")} hint={t("talk.emptyHint")}>
        <PlaceButton to="/people" icon="users">
          {t("talk.findPeople")}
        </PlaceButton>
      </Empty>
    );
  }
  return (
    <nav aria-label={t("talk.list")}>
      {asking.length > 0 && (
        <>
          <h2 class="list-title">{t("talk.requests")}</h2>
          <ul class="bare">
            {asking.map((one) => (
              <Line key={one.swarm} one={one} here={one.swarm === here} />
            ))}
          </ul>
          {all.length > 0 && <h2 class="list-title">{t("talk.list")}</h2>}
        </>
      )}
      <ul class="bare">
        {all.map((one) => (
          <Line key={one.swarm} one={one} here={one.swarm === here} />
        ))}
      </ul>
    </nav>
  );
}

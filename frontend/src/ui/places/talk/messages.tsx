/** The messages of one conversation: by day, author and quarter hour; own ones on the right with their marks. */
import { Fragment } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { retry } from "../../../state/conversations.ts";
import { groupMessages, type MessageGroup, type Row } from "../../../state/grouping.ts";
import type { ConversationView, Mark, MessageView, ReactionView } from "../../../state/views.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Icon } from "../../icon.tsx";
import { Avatar } from "../../parts/avatar.tsx";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { sentence } from "../../parts/states.tsx";
import { dayName, exact, Time } from "../../parts/time.tsx";
import type { IconName } from "../../shapes.ts";

const NEAR_END_PX = 120;

const marks: Record<Mark, IconName> = {
  waiting: "clock",
  sent: "check",
  delivered: "check-check",
  failed: "circle-alert",
};

function MarkGlyph({ mark }: { mark: Mark }) {
  const words = t(`talk.mark.${mark}`);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: focus shows the words that the glyph stands for
    <span class={`mark ${mark}`} role="img" aria-label={words} data-words={words} tabIndex={0}>
      <Icon name={marks[mark]} />
    </span>
  );
}

function Failed({ message }: { message: MessageView }) {
  const trying = useDeed();
  return (
    <p class="problem">
      <span>
        {t("talk.mark.failed")}.{" "}
        {t("talk.failedHint", { reason: sentence({ code: message.fault ?? "unknown" }) })}
      </span>
      <Button
        kind="quiet"
        icon="refresh-cw"
        busy={trying.busy.value}
        onPress={() => trying.run(() => retry(message.id))}
      >
        {t("app.retry")}
      </Button>
    </p>
  );
}

/** A mark stands under the last of neighbouring messages that share it. */
function showsMark(group: MessageGroup, index: number): boolean {
  return group.messages[index]?.mark !== group.messages[index + 1]?.mark;
}

function Bubble({ message }: { message: MessageView }) {
  if (message.deleted) return <p class="bubble gone">{t("talk.deleted")}</p>;
  const words = (
    <p class="bubble" dir="auto" title={exact(message.time)}>
      {message.text}
      {message.edited && <span class="small edited"> {t("talk.edited")}</span>}
    </p>
  );
  if (message.confirmed) return words;
  return (
    <details>
      <summary>{t("talk.unconfirmed")}</summary>
      {words}
    </details>
  );
}

function Reactions({ reactions }: { reactions: readonly ReactionView[] }) {
  return (
    <ul class="bare reactions" aria-label={t("talk.reactions")}>
      {reactions.map(({ emoji, count, ownEvents }) => (
        <li key={emoji} class={ownEvents.length > 0 ? "own" : ""}>
          <span dir="auto">{emoji}</span> {count > 1 && count}
          {ownEvents.length > 0 && <span class="hidden-visually">{t("talk.you")}</span>}
        </li>
      ))}
    </ul>
  );
}

function Group({ group, name, address }: { group: MessageGroup; name: string; address: string }) {
  return (
    <li class={group.own ? "group own" : "group"}>
      {!group.own && <Avatar name={name} address={address} size="little" />}
      <div>
        <p class="group-head small muted">
          <span class={group.own ? "hidden-visually" : "group-name"} dir="auto">
            {group.own ? t("talk.you") : name}
          </span>{" "}
          <Time at={group.time} clockOnly />
        </p>
        {group.messages.map((message, index) => (
          <Fragment key={message.id}>
            <div class="bubble-line">
              <Bubble message={message} />
              {message.mark && showsMark(group, index) && <MarkGlyph mark={message.mark} />}
            </div>
            {message.reactions.length > 0 && <Reactions reactions={message.reactions} />}
            {message.mark === "failed" && <Failed message={message} />}
          </Fragment>
        ))}
      </div>
    </li>
  );
}

function eventText(message: MessageView, name: string): string {
  switch (message.kind) {
    case "started":
      return message.own ? t("talk.started") : t("talk.startedBy", { name });
    case "joined":
      return message.own ? t("talk.youJoined") : t("talk.joined", { name });
    default:
      return t("talk.newer");
  }
}

function RowView({ row, name, address }: { row: Row; name: string; address: string }) {
  switch (row.kind) {
    case "day":
      return (
        <li class="day-line">
          <h2>{dayName(row.time)}</h2>
        </li>
      );
    case "unread":
      return <li class="unread-line">{t("talk.unreadLine")}</li>;
    case "event":
      return <li class="event-line">{eventText(row.message, name)}</li>;
    case "messages":
      return <Group group={row} name={name} address={address} />;
  }
}

interface MessagesProps {
  conversation: ConversationView;
  messages: readonly MessageView[];
  firstUnread: string | null;
}

export function Messages({ conversation, messages, firstUnread }: MessagesProps) {
  const area = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const rows = useMemo(() => groupMessages(messages, firstUnread), [messages, firstUnread]);
  const { name } = conversation.peer;

  useLayoutEffect(() => {
    const own = messages.at(-1)?.own;
    if (area.current && (atEnd.current || own)) area.current.scrollTop = area.current.scrollHeight;
  }, [messages]);
  useEffect(() => {
    const shown = area.current;
    if (!shown) return;
    const stay = new ResizeObserver(() => {
      if (atEnd.current) shown.scrollTop = shown.scrollHeight;
    });
    stay.observe(shown);
    return () => stay.disconnect();
  }, []);

  return (
    <div
      class="messages"
      ref={area}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever scrolls by keyboard must be able to get here
      tabIndex={0}
      role="log"
      aria-label={t("talk.messages")}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
      }}
    >
      <ol class="bare">
        <li class="event-line">
          <Icon name="shield-check" /> {t("talk.sealed", { name })}
        </li>
        {rows.map((row) => (
          <RowView key={row.key} row={row} name={name} address={conversation.peer.address.text} />
        ))}
        {conversation.state === "asked" && <li class="event-line">{t("talk.asked", { name })}</li>}
      </ol>
    </div>
  );
}

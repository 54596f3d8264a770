/** One open conversation: who it is with, its messages, and writing. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { connection } from "../../../state/connection.ts";
import { acceptNewKey, markRead, messages as messagesOf, open, send } from "../../../state/conversations.ts";
import type { ConversationView, MessageView } from "../../../state/views.ts";
import { inFront } from "../../browser.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Icon } from "../../icon.tsx";
import { Back, useHeading } from "../../page.tsx";
import { AddressText } from "../../parts/address.tsx";
import { Avatar } from "../../parts/avatar.tsx";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Confirm } from "../../parts/dialog.tsx";
import { useDraft } from "../../parts/draft.ts";
import { Grow, Problem } from "../../parts/field.tsx";
import { ReportButton } from "../../parts/report.tsx";
import { FormFault } from "../../parts/states.tsx";
import { personPath } from "../paths.ts";
import { HereMark } from "./here.tsx";
import { Messages } from "./messages.tsx";
import { Request } from "./request.tsx";

const LIMIT_BYTES = 16_384;
const QUOTED = 3;

/** The first of the last `count` messages of others; it stays while the conversation is open. */
function firstUnread(messages: readonly MessageView[], count: number): string | null {
  if (count === 0) return null;
  return messages.filter((one) => !one.own && one.kind === "text").at(-count)?.id ?? null;
}

function useUnreadLine(conversation: ConversationView, messages: readonly MessageView[]): string | null {
  const line = useRef<string | null>(null);
  const drawn = useRef(false);
  const unseen = inFront.value ? conversation.unread : 0; // what is in the background is not read
  const { swarm } = conversation;
  if (!drawn.current && messages.length > 0) {
    drawn.current = true;
    line.current = firstUnread(messages, conversation.unread);
  }
  useEffect(() => {
    if (unseen > 0) void markRead(swarm).catch(() => undefined);
  }, [unseen, swarm]);
  return line.current;
}

export function Conversation({ conversation }: { conversation: ConversationView }) {
  const { peer, swarm, state } = conversation;
  const heading = useHeading(t("talk.with", { name: peer.name }));
  const messages = messagesOf(swarm).value;
  const line = useUnreadLine(conversation, messages);
  return (
    <section class="conversation" aria-label={t("talk.with", { name: peer.name })}>
      <header class="conversation-head">
        <Back to="/talk" label={t("talk.back")} />
        <Link to={personPath(peer.address.text)} className="conversation-who">
          <Avatar name={peer.name} address={peer.address.text} />
          <div>
            <h1 class="author" ref={heading} tabIndex={-1} dir="auto">
              {peer.name}
            </h1>
            <AddressText text={peer.address.text} class="small muted" />
            <HereMark conversation={conversation} />
          </div>
        </Link>
        <ReportConversation conversation={conversation} />
      </header>
      {peer.changedKey && <ChangedKey conversation={conversation} />}
      {peer.listAge === "stale" && (
        <p class="bar" role="status">
          <Icon name="clock" /> <span>{t("talk.staleList", { name: peer.name })}</span>
        </p>
      )}
      {state === "request" ? (
        <Request conversation={conversation} />
      ) : (
        <>
          <Messages conversation={conversation} messages={messages} firstUnread={line} />
          {peer.former ? (
            <Former conversation={conversation} />
          ) : (
            <Compose key={swarm} conversation={conversation} />
          )}
        </>
      )}
    </section>
  );
}

/** Moderators cannot read what was written; whoever reports may quote it. */
function ReportConversation({ conversation: { peer, swarm } }: { conversation: ConversationView }) {
  const written = messagesOf(swarm).value.filter((one) => !one.own && one.kind === "text" && !one.deleted);
  const last = written.slice(-QUOTED).flatMap(({ text }) => (text ? [text] : []));
  return <ReportButton what="message" about={peer.address.text} thing={swarm} sealed={last} iconOnly />;
}

/** The address stands for another account than before: nothing is sent until the person has compared. */
function ChangedKey({ conversation: { peer } }: { conversation: ConversationView }) {
  const asking = useSignal(false);
  const accepting = useDeed();
  const close = () => {
    asking.value = false;
  };
  return (
    <div class="bar" role="alert">
      <Icon name="circle-alert" />
      <p>{t("talk.changedKey", { name: peer.name })}</p>
      <Button
        onPress={() => {
          asking.value = true;
        }}
      >
        {t("talk.acceptKey")}
      </Button>
      <FormFault fault={accepting.fault.value} />
      {asking.value && (
        <Confirm
          title={t("talk.acceptKeyTitle", { name: peer.name })}
          hint={t("talk.acceptKeyHint", { name: peer.name })}
          deed={t("talk.acceptKey")}
          busy={accepting.busy.value}
          onConfirm={async () => {
            await accepting.run(() => acceptNewKey(peer.address.text));
            close();
          }}
          onClose={close}
        />
      )}
    </div>
  );
}

/** Their person has another account key since. */
function Former({ conversation: { peer } }: { conversation: ConversationView }) {
  const [, navigate] = useLocation();
  const opening = useDeed();
  return (
    <div class="bar">
      <Icon name="info" />
      <p>{t("talk.former", { name: peer.name })}</p>
      <Button
        icon="message-circle"
        busy={opening.busy.value}
        onPress={() => opening.run(async () => navigate(`/talk/${await open(peer.address.text, peer.name)}`))}
      >
        {t("talk.writeAnew")}
      </Button>
      <FormFault fault={opening.fault.value} />
    </div>
  );
}

/** On a touch screen Enter makes a new line: there is a button for sending beside it. */
function sendsOnEnter(): boolean {
  return !window.matchMedia("(pointer: coarse)").matches;
}

function sizeOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

function Compose({ conversation }: { conversation: ConversationView }) {
  const { swarm, peer } = conversation;
  const text = useDraft(`talk.${swarm}`);
  const sending = useDeed();
  const waits = useRef(false);
  const bytes = sizeOf(text.value.trim());
  const tooLong = bytes > LIMIT_BYTES;

  /** What is sent while another message still is waits in the box for its turn. */
  async function post(): Promise<void> {
    const written = text.value.trim();
    if (!written || sizeOf(written) > LIMIT_BYTES) return;
    waits.current = sending.busy.value;
    if (waits.current) return;
    const done = await sending.run(async () => {
      await send(swarm, written);
      if (text.value.trim() === written) text.value = "";
    });
    if (done && waits.current) await post();
  }

  return (
    <form
      class="compose"
      onSubmit={(event) => {
        event.preventDefault();
        void post();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        if (!sendsOnEnter() && !event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        void post();
      }}
    >
      {connection.value.light === "red" && <p class="small muted compose-note">{t("talk.offline")}</p>}
      <FormFault fault={sending.fault.value} />
      {tooLong && <Problem text={t("talk.tooLong", { count: bytes, limit: LIMIT_BYTES })} />}
      <div class="compose-line">
        <Grow
          value={text.value}
          aria-label={t("talk.compose", { name: peer.name })}
          placeholder={t("talk.placeholder")}
          title={t("talk.sendHint")}
          dir="auto"
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
        />
        <Button
          kind="primary"
          icon="send"
          mirrored
          iconOnly
          submit
          busy={sending.busy.value}
          disabled={!text.value.trim() || tooLong}
        >
          {t("talk.send")}
        </Button>
      </div>
    </form>
  );
}

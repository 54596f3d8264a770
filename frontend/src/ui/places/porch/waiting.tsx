/** Comments of people who are new here: approve or refuse. */

import type { ComponentChildren } from "preact";
import { approve, approveMention, refuse, refuseMention, waiting } from "../../../state/comments.ts";
import { tell } from "../../../state/notices.ts";
import type { WaitingComment, WaitingMention } from "../../../state/shapes.ts";
import { rich, t } from "../../catalogue/catalogue.ts";
import { Page } from "../../page.tsx";
import { AddressText } from "../../parts/address.tsx";
import { Avatar } from "../../parts/avatar.tsx";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { ReportButton } from "../../parts/report.tsx";
import { Empty, FormFault, Loaded } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";

export function WaitingComments() {
  return (
    <Page title={t("approve.title")} back={{ to: "/", label: t("porch.title") }}>
      <p class="muted">{t("approve.lead")}</p>
      <Loaded
        from={waiting}
        failed={t("approve.failed")}
        isEmpty={({ comments, mentions }) => comments.length + mentions.length === 0}
        empty={<Empty icon="check" title={t("approve.empty")} hint={t("approve.emptyHint")} />}
      >
        {({ comments, mentions }) => (
          <>
            <ul class="bare stack">
              {comments.map((one) => (
                <WaitingLine key={one.id} comment={one} />
              ))}
            </ul>
            {mentions.length > 0 && <Mentions mentions={mentions} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function WaitingLine({ comment }: { comment: WaitingComment }) {
  const post = <a href={comment.post.url}>{comment.post.title || comment.post.url}</a>;
  return (
    <li class="card">
      <div class="byline">
        <Avatar name={comment.name} address={comment.address} />
        <div>
          <h2 class="author" dir="auto">
            {comment.name}
          </h2>
          <p class="small muted">
            <AddressText text={comment.address} /> · <Time at={comment.time} /> ·{" "}
            {rich("approve.on", { post })}
          </p>
        </div>
      </div>
      <p class="comment-text" dir="auto">
        {comment.text}
      </p>
      <Decision
        yes={{ label: t("approve.yes"), said: t("approve.approved"), act: () => approve(comment.id) }}
        no={{ label: t("approve.no"), said: t("approve.refused"), act: () => refuse(comment.id) }}
      >
        <ReportButton
          what="comment"
          about={comment.address}
          thing={`${comment.post.url}#comment-${comment.id}`}
        />
      </Decision>
    </li>
  );
}

function Mentions({ mentions }: { mentions: readonly WaitingMention[] }) {
  return (
    <section class="stack" aria-labelledby="mentions-title">
      <h2 id="mentions-title" class="section-title">
        {t("approve.mentions")}
      </h2>
      <p class="muted">{t("approve.mentionsLead")}</p>
      <ul class="bare stack">
        {mentions.map((one) => (
          <MentionLine key={one.id} mention={one} />
        ))}
      </ul>
    </section>
  );
}

function MentionLine({ mention }: { mention: WaitingMention }) {
  const { post } = mention;
  const link = post && <a href={post.url}>{post.title || post.url}</a>;
  return (
    <li class="card">
      <div class="byline">
        <Avatar name={mention.name} />
        <div>
          <h3 class="author" dir="auto">
            {mention.name}
          </h3>
          <p class="small muted">
            {link ? rich("approve.mention", { post: link }) : t("approve.mentionYou")} ·{" "}
            <Time at={mention.time} />
          </p>
          <p class="small">
            <a href={mention.url} rel="noreferrer nofollow">
              <AddressText text={mention.url} />
            </a>
          </p>
        </div>
      </div>
      {mention.text && (
        <p class="comment-text" dir="auto">
          {mention.text}
        </p>
      )}
      {post ? (
        <Decision
          yes={{ label: t("approve.show"), said: t("approve.shown"), act: () => approveMention(mention.id) }}
          no={{ label: t("approve.hide"), said: t("approve.hidden"), act: () => refuseMention(mention.id) }}
        />
      ) : (
        <Decision
          no={{
            label: t("approve.putAway"),
            said: t("approve.isPutAway"),
            act: () => refuseMention(mention.id),
          }}
        />
      )}
    </li>
  );
}

interface Choice {
  readonly label: string;
  /** What is told once it is done. */
  readonly said: string;
  readonly act: () => Promise<void>;
}

/** The choices, and beside them what else can be done. */
function Decision({ yes, no, children }: { yes?: Choice; no: Choice; children?: ComponentChildren }) {
  const deciding = useDeed();
  async function take({ act, said }: Choice): Promise<void> {
    if (await deciding.run(act)) tell(said);
  }
  const busy = deciding.busy.value;
  return (
    <>
      <FormFault fault={deciding.fault.value} />
      <div class="row">
        {yes && (
          <Button kind="primary" icon="check" busy={busy} onPress={() => take(yes)}>
            {yes.label}
          </Button>
        )}
        <Button icon="x" busy={busy} onPress={() => take(no)}>
          {no.label}
        </Button>
        {children}
      </div>
    </>
  );
}

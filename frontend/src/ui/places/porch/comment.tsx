/** One comment: who, when, its words, where it stands, and what one may do with it. */
import { type Signal, useSignal } from "@preact/signals";
import { changeOwn, takeDown } from "../../../state/comments.ts";
import { identity } from "../../../state/identity.ts";
import { tell } from "../../../state/notices.ts";
import type { Comment, TimelineItem } from "../../../state/shapes.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Icon } from "../../icon.tsx";
import { AddressText } from "../../parts/address.tsx";
import { Avatar } from "../../parts/avatar.tsx";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Confirm } from "../../parts/dialog.tsx";
import { Grow } from "../../parts/field.tsx";
import { ReportButton } from "../../parts/report.tsx";
import { FormFault, sentence } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import type { IconName } from "../../shapes.ts";

function stateText(comment: Comment, author: string, ownPost: boolean): string | null {
  switch (comment.state) {
    case "sending":
      return t("comments.onItsWay", { name: author });
    case "failed":
      return t("comments.failedToSend", { reason: sentence({ code: comment.problem || "unknown" }) });
    case "pending":
      return ownPost ? t("comments.pendingOwn") : t("comments.pending", { name: author });
    case "refused":
      return t("comments.refused", { name: author });
    case "removed":
      return t("comments.removed");
    case "shown":
      return comment.problem
        ? t("comments.notChanged", { reason: sentence({ code: comment.problem }) })
        : null;
  }
}

const stateIcons: Record<Comment["state"], IconName> = {
  sending: "clock",
  pending: "clock",
  shown: "check",
  refused: "info",
  removed: "info",
  failed: "circle-alert",
};

interface LineProps {
  comment: Comment;
  item: TimelineItem;
}

export function CommentLine({ comment, item }: LineProps) {
  const state = stateText(comment, item.author.name, item.own);
  const editing = useSignal(false);
  return (
    <li class={state ? "comment held" : "comment"}>
      <Avatar name={comment.name} address={comment.address} size="little" />
      <div>
        <p class="comment-head">
          <strong dir="auto">{comment.name}</strong>{" "}
          <span class="small muted">
            <AddressText text={comment.address} /> · <Time at={comment.time} />
            {comment.changed !== null && <> · {t("comments.edited")}</>}
          </span>
          {!comment.own && (
            <ReportButton
              what="comment"
              about={comment.address}
              thing={`${item.url}#comment-${comment.ref}`}
              iconOnly
            />
          )}
        </p>
        {editing.value ? (
          <EditForm comment={comment} item={item} editing={editing} />
        ) : (
          <p class="comment-text" dir="auto">
            {comment.text}
          </p>
        )}
        {state && (
          <p class="small waiting">
            <Icon name={stateIcons[comment.state]} /> {state}
          </p>
        )}
        {!editing.value && <Tools comment={comment} item={item} editing={editing} />}
      </div>
    </li>
  );
}

type ToolProps = LineProps & { editing: Signal<boolean> };

/** Signing takes keys, so an unlinked browser shows no tools for own comments. */
function Tools({ comment, item, editing }: ToolProps) {
  const living = ["sending", "pending", "shown"].includes(comment.state);
  if (comment.own && living && identity.value.status === "ready") {
    return (
      <div class="row comment-tools">
        <Button
          kind="quiet"
          icon="pencil"
          onPress={() => {
            editing.value = true;
          }}
        >
          {t("comments.edit")}
        </Button>
        <TakeAway
          label={t("comments.takeBack")}
          title={t("comments.takeBackTitle")}
          hint={t("comments.takeBackHint")}
          said={t("comments.takenBack")}
          act={() => changeOwn(item, comment, null)}
        />
      </div>
    );
  }
  if (!item.own || comment.own || comment.state !== "shown") return null;
  const { name } = comment;
  return (
    <div class="row comment-tools">
      <TakeAway
        label={t("comments.takeDown")}
        title={t("comments.takeDownTitle", { name })}
        hint={t("comments.takeDownHint", { name })}
        said={t("comments.takenDown")}
        act={() => takeDown(item, comment)}
      />
    </div>
  );
}

interface TakeAwayProps {
  label: string;
  title: string;
  hint: string;
  said: string;
  act: () => Promise<void>;
}

function TakeAway({ label, title, hint, said, act }: TakeAwayProps) {
  const asking = useSignal(false);
  const doing = useDeed();
  const close = () => {
    asking.value = false;
  };
  const confirm = async () => {
    if (await doing.run(act)) tell(said);
    close();
  };
  return (
    <>
      <Button
        kind="quiet"
        icon="trash"
        onPress={() => {
          asking.value = true;
        }}
      >
        {label}
      </Button>
      <FormFault fault={doing.fault.value} />
      {asking.value && (
        <Confirm
          title={title}
          hint={hint}
          deed={label}
          busy={doing.busy.value}
          onClose={close}
          onConfirm={confirm}
        />
      )}
    </>
  );
}

function EditForm({ comment, item, editing }: ToolProps) {
  const text = useSignal(comment.text);
  const saving = useDeed();
  async function save(): Promise<void> {
    if (!text.value.trim()) return;
    if (!(await saving.run(() => changeOwn(item, comment, text.value.trim())))) return;
    tell(t("comments.changed"));
    editing.value = false;
  }
  return (
    <form
      class="stack close"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Grow
        value={text.value}
        aria-label={t("comments.editLabel")}
        dir="auto"
        maxLength={8000}
        onInput={(event) => {
          text.value = event.currentTarget.value;
        }}
      />
      <FormFault fault={saving.fault.value} />
      <div class="row">
        <Button kind="primary" submit busy={saving.busy.value} disabled={!text.value.trim()}>
          {t("comments.save")}
        </Button>
        <Button
          onPress={() => {
            editing.value = false;
          }}
        >
          {t("app.cancel")}
        </Button>
      </div>
    </form>
  );
}

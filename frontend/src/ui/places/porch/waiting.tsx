/** Comments of people who are new here: approve or refuse. */

import { approve, refuse, waitingComments } from "../../../state/comments.ts";
import { tell } from "../../../state/notices.ts";
import type { WaitingComment } from "../../../state/shapes.ts";
import { rich, t } from "../../catalogue/catalogue.ts";
import { Page } from "../../page.tsx";
import { AddressText } from "../../parts/address.tsx";
import { Avatar } from "../../parts/avatar.tsx";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Empty, FormFault, Loaded } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";

export function WaitingComments() {
  return (
    <Page title={t("approve.title")} back={{ to: "/", label: t("porch.title") }}>
      <p class="muted">{t("approve.lead")}</p>
      <Loaded
        from={waitingComments}
        failed={t("approve.failed")}
        isEmpty={(list) => list.length === 0}
        empty={<Empty icon="check" title={t("approve.empty")} hint={t("approve.emptyHint")} />}
      >
        {(list) => (
          <ul class="bare stack">
            {list.map((one) => (
              <WaitingLine key={one.id} comment={one} />
            ))}
          </ul>
        )}
      </Loaded>
    </Page>
  );
}

function WaitingLine({ comment }: { comment: WaitingComment }) {
  const deciding = useDeed();
  async function decide(act: (id: number) => Promise<void>, said: string): Promise<void> {
    if (await deciding.run(() => act(comment.id))) tell(said);
  }
  const post = <a href={comment.post.url}>{comment.post.title || comment.post.url}</a>;
  return (
    <li class="card">
      <div class="byline">
        <Avatar name={comment.name} />
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
      <FormFault fault={deciding.fault.value} />
      <div class="row">
        <Button
          kind="primary"
          icon="check"
          busy={deciding.busy.value}
          onPress={() => decide(approve, t("approve.approved"))}
        >
          {t("approve.yes")}
        </Button>
        <Button icon="x" busy={deciding.busy.value} onPress={() => decide(refuse, t("approve.refused"))}>
          {t("approve.no")}
        </Button>
      </div>
    </li>
  );
}

/** Who may comment on an own post. */
import { useEffect, useId } from "preact/hooks";
import { chooseReplies, repliesOf } from "../../../state/comments.ts";
import { tell } from "../../../state/notices.ts";
import type { Replies } from "../../../state/shapes.ts";
import { t } from "../../catalogue/catalogue.ts";
import { useDeed } from "../../parts/deed.ts";
import { FormFault } from "../../parts/states.tsx";

const POLICIES: readonly Replies[] = ["everyone", "followed", "nobody"];

export function WhoMay({ post }: { post: number }) {
  const id = useId();
  const known = repliesOf(post);
  const saving = useDeed();
  useEffect(() => {
    void known.load();
  }, [known]);
  if (known.data.value === undefined) return null;
  async function choose(policy: Replies): Promise<void> {
    if (await saving.run(() => chooseReplies(post, policy))) tell(t("replies.saved"));
  }
  return (
    <div class="row who-may">
      <label for={id} class="small muted">
        {t("replies.label")}
      </label>
      <select
        id={id}
        class="input"
        value={known.data.value}
        onChange={(event) => void choose(event.currentTarget.value as Replies)}
      >
        {POLICIES.map((policy) => (
          <option key={policy} value={policy}>
            {t(`replies.${policy}`)}
          </option>
        ))}
      </select>
      <FormFault fault={saving.fault.value} />
    </div>
  );
}

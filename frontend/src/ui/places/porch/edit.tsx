/** One own post, to be changed on a screen of its own. */

import { useSignal } from "@preact/signals";
import { useCallback, useEffect } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { tell } from "../../../state/notices.ts";
import { change, readPost } from "../../../state/posts.ts";
import type { WrittenPost } from "../../../state/shapes.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Page } from "../../page.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Failure, Skeleton } from "../../parts/states.tsx";
import { Composer } from "./composer.tsx";

export function EditPost({ id }: { id: number }) {
  const start = useSignal<WrittenPost | null>(null);
  const [, navigate] = useLocation();
  const { run, fault } = useDeed();
  const read = useCallback(
    () =>
      run(async () => {
        start.value = await readPost(id);
      }),
    [id, run, start],
  );
  useEffect(() => {
    void read();
  }, [read]);
  return (
    <Page title={t("posts.edit")} back={{ to: "/house/posts", label: t("posts.title") }}>
      {fault.value && <Failure title={t("posts.failed")} fault={fault.value} onRetry={read} />}
      {!start.value && !fault.value && <Skeleton bones={1} />}
      {start.value && (
        <Composer
          draft={`edit.${id}`}
          start={start.value}
          post={id}
          deed={t("porch.save")}
          onSend={async (fields) => {
            await change(id, fields);
            tell(t("posts.saved"));
            navigate("/house/posts");
          }}
        />
      )}
    </Page>
  );
}

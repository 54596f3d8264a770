/** Bump and recommend: what a reader does for a post. */

import { tell } from "../../../state/notices.ts";
import { bump, recommend } from "../../../state/recent.ts";
import type { TimelineItem } from "../../../state/shapes.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { FormFault } from "../../parts/states.tsx";

const AGAIN_MS = 3_600_000;

export function Lifting({ item }: { item: TimelineItem }) {
  const bumping = useDeed();
  const listing = useDeed();
  const lately = item.bumped !== null && Date.now() < item.bumped + AGAIN_MS;
  return (
    <>
      {item.bumpable && (
        <Button
          kind="quiet"
          icon={lately ? "check" : "arrow-up"}
          busy={bumping.busy.value}
          disabled={lately}
          onPress={async () => {
            if (await bumping.run(() => bump(item))) tell(t("writing.bumpedNow"));
          }}
        >
          {lately ? t("writing.bumped") : t("writing.bump")}
        </Button>
      )}
      {item.url && (
        <Button
          kind="quiet"
          icon={item.recommended ? "check" : "users"}
          busy={listing.busy.value}
          attributes={{ "aria-pressed": item.recommended }}
          onPress={() => listing.run(() => recommend(item, !item.recommended))}
        >
          {item.recommended ? t("writing.recommended") : t("writing.recommend")}
        </Button>
      )}
      <FormFault fault={bumping.fault.value ?? listing.fault.value} />
    </>
  );
}

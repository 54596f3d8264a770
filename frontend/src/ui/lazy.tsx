/**
 * A part of the app that is fetched when first shown. A fetch that fails is tried anew on the next showing. `Frame` holds what is shown
 * meanwhile: `main` for a part that brings its own.
 */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "./catalogue/catalogue.ts";
import { Failure, Skeleton } from "./parts/states.tsx";

export function lazy<P extends object>(
  load: () => Promise<ComponentType<P>>,
  Frame: "div" | "main" = "div",
): ComponentType<P> {
  let loaded: ComponentType<P> | null = null;
  return function Lazy(props: P) {
    const [, show] = useState(0);
    const [failed, fail] = useState(false);
    useEffect(() => {
      if (loaded || failed) return;
      load().then(
        (part) => {
          loaded = part;
          show(1);
        },
        () => fail(true),
      );
    }, [failed]);
    const Part = loaded;
    if (Part) return <Part {...props} />;
    return (
      <Frame class="page">
        {failed ? (
          <Failure title={t("app.partFailed")} fault={{ code: "offline" }} onRetry={() => fail(false)} />
        ) : (
          <Skeleton />
        )}
      </Frame>
    );
  };
}

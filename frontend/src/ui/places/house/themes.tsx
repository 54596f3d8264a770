/** The themes of public pages and the app: a small picture of each, one's own page in it, and the choice. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { choose, look, previewPath } from "../../../state/looks.ts";
import { tell } from "../../../state/notices.ts";
import { me } from "../../../state/session.ts";
import type { Theme } from "../../../state/shapes.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Icon } from "../../icon.tsx";
import { Button, OutButton } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { FormFault, Loaded } from "../../parts/states.tsx";
import { wear } from "../../wear.ts";

/** The site's own look has no name. */
const PLAIN = { name: "", title: "", author: "", problem: "" };

export function Themes() {
  return (
    <section class="card" aria-labelledby="themes-title">
      <h2 id="themes-title">{t("themes.title")}</h2>
      <p class="muted">{t("themes.lead")}</p>
      <Loaded from={look} failed={t("themes.failed")}>
        {({ theme, plain, themes }) => (
          <ul class="bare themes">
            {[{ ...PLAIN, tokens: plain }, ...themes].map((one) => (
              <li key={one.name}>
                <Line theme={one} used={one.name === theme} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}

function Line({ theme, used }: { theme: Theme; used: boolean }) {
  const choosing = useDeed();
  const title = theme.title || t("themes.plain");
  async function take(): Promise<void> {
    if (await choosing.run(async () => wear(await choose(theme.name))))
      tell(t("themes.chosen", { name: title }));
  }
  if (theme.problem) {
    return (
      <div class="stack close">
        <h3>
          <bdi>{title}</bdi>
        </h3>
        <p class="problem">
          {t("themes.broken")} <bdi>{theme.problem}</bdi>
        </p>
      </div>
    );
  }
  return (
    <div class="theme">
      <Miniature theme={theme} />
      <div class="stack close">
        <h3>
          <bdi>{title}</bdi>
        </h3>
        {theme.author && <p class="small muted">{t("themes.by", { name: theme.author })}</p>}
        <div class="row">
          {used ? (
            <p class="fine">
              <Icon name="check" /> {t("themes.used")}
            </p>
          ) : (
            <Button busy={choosing.busy.value} onPress={take}>
              {t("themes.use", { name: title })}
            </Button>
          )}
          <OutButton href={previewPath(theme.name)} kind="quiet" icon="globe">
            {t("themes.preview", { name: title })}
          </OutButton>
        </div>
        <FormFault fault={choosing.fault.value} />
      </div>
    </div>
  );
}

/** A page the size of a stamp, in the theme's colours, by day or at dusk like the app. */
function Miniature({ theme }: { theme: Theme }) {
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    for (const [name, value] of Object.entries(theme.tokens)) {
      frame.current?.style.setProperty(`--${name}`, value);
    }
  }, [theme]);
  const name = me.value?.profile.name ?? "";
  return (
    <div class="miniature" ref={frame} aria-hidden="true">
      <p class="miniature-name">{name}</p>
      <p class="miniature-quiet">{t("themes.sampleQuiet")}</p>
      <p>
        {t("themes.sample")} <span class="miniature-link">{t("themes.sampleLink")}</span>
      </p>
      <span class="miniature-button">{t("people.follow")}</span>
    </div>
  );
}

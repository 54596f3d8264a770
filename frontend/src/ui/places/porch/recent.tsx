/** Recent views: what members of this site bumped and recommended lately. */
import { recent } from "../../../state/recent.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Page } from "../../page.tsx";
import { Empty, Loaded } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";

export function Recent() {
  return (
    <Page title={t("writing.recent")} back={{ to: "/", label: t("porch.title") }}>
      <p class="muted">{t("writing.recentLead")}</p>
      <Loaded
        from={recent}
        failed={t("writing.recentFailed")}
        isEmpty={(all) => all.views.length + all.recommended.length === 0}
        empty={<Empty icon="arrow-up" title={t("writing.recentNone")} hint={t("writing.recentNoneHint")} />}
      >
        {(all) => (
          <>
            {all.views.length > 0 && (
              <ol class="bare lifted">
                {all.views.map((one) => (
                  <li key={one.url}>
                    <a class="lifted-title" href={one.url} dir="auto">
                      {one.title}
                    </a>
                    <p class="small muted">
                      <bdi>{one.author.name}</bdi> · {t("writing.bumpedBy", { count: one.people })} ·{" "}
                      <Time at={one.time} />
                    </p>
                  </li>
                ))}
              </ol>
            )}
            {all.recommended.length > 0 && (
              <section class="stack close">
                <h2>{t("writing.recommendedTitle")}</h2>
                <ol class="bare lifted">
                  {all.recommended.map((one) => (
                    <li key={one.url}>
                      <a class="lifted-title" href={one.url} dir="auto" rel="noopener">
                        {one.title}
                      </a>
                      <p class="small muted">
                        {one.author && (
                          <>
                            <bdi>{one.author}</bdi> ·{" "}
                          </>
                        )}
                        {t("writing.recommendedBy", { name: one.by.name })} · <Time at={one.time} />
                      </p>
                    </li>
                  ))}
                </ol>
              </section>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}

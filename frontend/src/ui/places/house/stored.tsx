/** What this site stores: of you, and for its owner of everybody else. */
import { Fragment } from "preact";
import { Link } from "wouter-preact";
import { ownsSite } from "../../../state/moderation.ts";
import type { Resource } from "../../../state/resource.ts";
import { type Holding, myStored, siteStored, weightOf } from "../../../state/stored.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Icon } from "../../icon.tsx";
import { OutButton } from "../../parts/button.tsx";
import { sizeText } from "../../parts/size.ts";
import { Loaded } from "../../parts/states.tsx";

export function Stored() {
  return (
    <>
      <Holdings from={myStored} title={t("data.mine")} hint={t("data.mineHint")} path="/api/v1/me/stored" />
      {ownsSite.value && (
        <Holdings
          from={siteStored}
          title={t("data.others")}
          hint={t("data.othersHint")}
          path="/api/v1/site/stored"
        />
      )}
    </>
  );
}

interface HoldingsProps {
  from: Resource<Holding[]>;
  title: string;
  hint: string;
  path: string;
}

function Holdings({ from, title, hint, path }: HoldingsProps) {
  return (
    <section class="card stack" aria-label={title}>
      <h2>{title}</h2>
      <p class="muted">{hint}</p>
      <Loaded from={from} failed={t("data.failed")}>
        {(found) => (
          <>
            <p>{t("data.total", { size: sizeText(weightOf(found)) })}</p>
            <ul class="bare holdings">
              {found.map((one) => (
                <li key={one.name}>
                  <Kind one={one} />
                </li>
              ))}
            </ul>
          </>
        )}
      </Loaded>
      <div class="row">
        <OutButton href={path} icon="file-text" download="stored.json">
          {t("data.asJson")}
        </OutButton>
      </div>
    </section>
  );
}

function Kind({ one }: { one: Holding }) {
  return (
    <details>
      <summary>
        <Icon name="chevron-right" mirrored />
        <span class="holding-name">{one.what}</span>
        <span class="small muted">
          {t("data.rows", { count: one.rows })} · {sizeText(one.bytes + one.file_bytes)}
        </span>
      </summary>
      <p>{one.why}</p>
      <p>
        <strong>{t("data.kept")}</strong> {one.kept}
      </p>
      {one.place && one.place !== "/house/data" && (
        <p>
          <Link to={one.place} class="target">
            {t("data.place")} <Icon name="chevron-right" mirrored />
          </Link>
        </p>
      )}
      {one.tables.length > 0 && (
        <dl class="facts small">
          {one.tables.map((table) => (
            <Fragment key={table.name}>
              <dt dir="ltr">
                <code>{table.name}</code>
              </dt>
              <dd>
                {t("data.rows", { count: table.rows })} · {sizeText(table.bytes)}
                <br />
                <span class="muted columns" dir="ltr">
                  {table.columns.join(", ")}
                </span>
              </dd>
            </Fragment>
          ))}
        </dl>
      )}
    </details>
  );
}

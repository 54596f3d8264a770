/** Search over the posts of this site. */
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { makeSearch, type Result } from "../../../state/search.ts";
import type { FoundPiece } from "../../../state/shapes.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Page } from "../../page.tsx";
import { Button } from "../../parts/button.tsx";
import { Field } from "../../parts/field.tsx";
import { Empty, FormFault, Skeleton } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";

function asked(): string {
  return new URLSearchParams(location.search).get("q") ?? "";
}

export function Search() {
  const search = useMemo(makeSearch, []);
  const query = useSignal(asked());
  useEffect(() => {
    if (query.value.trim()) void search.look(query.value);
  }, [search, query]);

  function look(page = 1): void {
    if (!query.value.trim()) return;
    history.replaceState(null, "", `?q=${encodeURIComponent(query.value)}`);
    void search.look(query.value, page);
  }

  const result = search.result.value;
  return (
    <Page title={t("writing.search")} back={{ to: "/", label: t("porch.title") }}>
      <form
        class="stack close"
        onSubmit={(event) => {
          event.preventDefault();
          look();
        }}
      >
        <Field
          label={t("writing.searchLabel")}
          hint={t("writing.searchHint")}
          value={query.value}
          onText={(text) => {
            query.value = text;
          }}
          attributes={
            { type: "search", maxLength: 200, dir: "auto", "data-shortcut": "find-posts" } as object
          }
        />
        <FormFault fault={search.fault.value} />
        <div class="row">
          <Button kind="primary" icon="search" submit busy={search.busy.value}>
            {t("writing.searchNow")}
          </Button>
        </div>
      </form>
      {search.busy.value && !result && <Skeleton bones={2} />}
      {result && <Results result={result} onPage={look} />}
    </Page>
  );
}

function Results({ result, onPage }: { result: Result; onPage: (page: number) => void }) {
  if (result.found.length === 0) {
    return <Empty icon="search" title={t("writing.searchNone")} hint={t("writing.searchNoneHint")} />;
  }
  return (
    <section class="stack" aria-label={t("writing.searchFound")}>
      <ol class="bare lifted">
        {result.found.map((one) => (
          <li key={one.post}>
            <a class="lifted-title" href={one.url} dir="auto">
              {one.title.length > 0 ? <Pieces pieces={one.title} /> : t("writing.untitled")}
            </a>
            <p dir="auto">
              <Pieces pieces={one.excerpt} />
            </p>
            <p class="small muted">
              <bdi>{one.author.name}</bdi> · <Time at={one.published} />
            </p>
          </li>
        ))}
      </ol>
      <div class="row">
        {result.page > 1 && <Button onPress={() => onPage(result.page - 1)}>{t("writing.newer")}</Button>}
        {result.more && <Button onPress={() => onPage(result.page + 1)}>{t("porch.older")}</Button>}
      </div>
    </section>
  );
}

function Pieces({ pieces }: { pieces: readonly FoundPiece[] }) {
  return <>{pieces.map((one, index) => (one.hit ? <mark key={index}>{one.text}</mark> : one.text))}</>;
}

/** People: look somebody up, and see whom you follow. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { following, readAddress } from "../../../state/people.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Page } from "../../page.tsx";
import { Button } from "../../parts/button.tsx";
import { Problem } from "../../parts/field.tsx";
import { Empty, Loaded } from "../../parts/states.tsx";
import { personPath } from "../paths.ts";
import { CompanySection } from "./company.tsx";
import { FollowLine } from "./following.tsx";
import { Lists } from "./lists.tsx";

export function People() {
  return (
    <Page title={t("people.title")}>
      <Find />
      <CompanySection />
      <section class="stack" aria-labelledby="following-title">
        <h2 id="following-title" class="section-title">
          {t("people.following")}
        </h2>
        <Loaded
          from={following}
          failed={t("people.followingFailed")}
          isEmpty={(list) => list.length === 0}
          empty={
            <Empty icon="users" title={t("people.followingEmpty")} hint={t("people.followingEmptyHint")} />
          }
        >
          {(list) => (
            <ul class="bare people-list">
              {list.map((one) => (
                <FollowLine key={one.id} one={one} />
              ))}
            </ul>
          )}
        </Loaded>
      </section>
      <Lists />
    </Page>
  );
}

function Find() {
  const id = useId();
  const typed = useSignal("");
  const bad = useSignal(false);
  const [, navigate] = useLocation();

  function look(): void {
    const address = readAddress(typed.value);
    bad.value = address === null;
    if (address !== null) navigate(personPath(address));
  }

  return (
    <form
      class="field find"
      onSubmit={(event) => {
        event.preventDefault();
        look();
      }}
    >
      <label for={id}>{t("people.find")}</label>
      <div class="find-line">
        <input
          id={id}
          class="input"
          type="text"
          inputMode="email"
          autoCapitalize="none"
          autoComplete="off"
          spellcheck={false}
          placeholder="@ana@example.org"
          dir="ltr"
          data-shortcut="find"
          value={typed.value}
          aria-invalid={bad.value ? "true" : undefined}
          aria-describedby={`${id}-hint${bad.value ? ` ${id}-problem` : ""}`}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
            bad.value = false;
          }}
        />
        <Button kind="primary" icon="search" submit>
          {t("people.findSubmit")}
        </Button>
      </div>
      <p class="hint" id={`${id}-hint`}>
        {t("people.findHint")}
      </p>
      {bad.value && <Problem id={`${id}-problem`} text={t("people.badAddress")} />}
    </form>
  );
}

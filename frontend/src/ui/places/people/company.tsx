/** Who is here now, each with their light, live. */
import { useSignal } from "@preact/signals";
import { Link } from "wouter-preact";
import { company, type Here, matches, type Somebody } from "../../../state/company.ts";
import { changeLightShown, me } from "../../../state/session.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Lamp } from "../../light.tsx";
import { AddressText } from "../../parts/address.tsx";
import { Avatar } from "../../parts/avatar.tsx";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Field } from "../../parts/field.tsx";
import { Empty, FormFault, Loaded } from "../../parts/states.tsx";
import { personPath } from "../paths.ts";

const SEARCHED_FROM = 6;

export function CompanySection() {
  return (
    <section class="stack" aria-labelledby="company-title">
      <h2 id="company-title" class="section-title">
        {t("company.title")}
      </h2>
      <Loaded
        from={company}
        failed={t("company.failed")}
        isEmpty={({ people }) => people.every(({ own }) => own)}
        empty={
          <>
            <Empty icon="lamp" title={t("company.empty")} hint={t("company.emptyHint")} />
            <OwnLight />
          </>
        }
      >
        {(here) => (
          <>
            <List here={here} />
            <OwnLight />
          </>
        )}
      </Loaded>
    </section>
  );
}

function List({ here: { people, further } }: { here: Here }) {
  const typed = useSignal("");
  const shown = people.filter((one) => matches(one, typed.value));
  return (
    <>
      {people.length >= SEARCHED_FROM && (
        <Field
          label={t("company.search")}
          value={typed.value}
          onText={(text) => {
            typed.value = text;
          }}
          attributes={{ type: "search", dir: "auto", autoComplete: "off" }}
        />
      )}
      {shown.length === 0 && (
        <p class="muted" role="status">
          {t("company.noMatch")}
        </p>
      )}
      <ul class="bare people-list company">
        {shown.map((one) => (
          <Line key={one.key} one={one} />
        ))}
      </ul>
      {further > 0 && <p class="muted">{t("company.further", { count: further })}</p>}
    </>
  );
}

function Line({ one }: { one: Somebody }) {
  const name = one.kind === "visitor" ? t("moderation.visitor", { name: one.name }) : one.name;
  return (
    <li class="person-line">
      <Avatar name={name} address={one.address} picture={one.picture} />
      <span>
        {one.address === null ? (
          <bdi class="author">{name}</bdi>
        ) : (
          <Link to={personPath(one.address)} className="author">
            <bdi>{name}</bdi>
          </Link>
        )}
        {one.address === null ? (
          <span class="small muted">{t("company.visiting")}</span>
        ) : (
          <AddressText text={one.address} class="small muted" />
        )}
      </span>
      <Standing one={one} />
    </li>
  );
}

function Standing({ one: { light, own } }: { one: Somebody }) {
  return (
    <span class="standing small">
      <Lamp state={light ?? "none"} />
      <span>
        {light === null ? t("company.elsewhere") : t(`light.${light}`)}
        {own && <span class="muted"> {t("company.you")}</span>}
      </span>
    </span>
  );
}

/** Whether the others see one's light. */
function OwnLight() {
  const changing = useDeed();
  const shown = me.value?.light_shown ?? true;
  return (
    <div class="stack close">
      <p class="small muted">{shown ? t("company.shown") : t("company.hidden")}</p>
      <div class="row">
        <Button
          kind="quiet"
          icon="lamp"
          busy={changing.busy.value}
          onPress={() => changing.run(() => changeLightShown(!shown))}
        >
          {shown ? t("company.hide") : t("company.show")}
        </Button>
      </div>
      <FormFault fault={changing.fault.value} />
    </div>
  );
}

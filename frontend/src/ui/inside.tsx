/** Behind the door: the frame around the places, and which of them belongs to which address. */
import { useEffect } from "preact/hooks";
import { Route, Switch, useLocation } from "wouter-preact";
import { watchCompany } from "../state/company.ts";
import { watchModeration } from "../state/moderation.ts";
import { watchPublicSide } from "../state/public.ts";
import { Boundary } from "./boundary.tsx";
import { inFront } from "./browser.ts";
import { t } from "./catalogue/catalogue.ts";
import { lazy } from "./lazy.tsx";
import { Page } from "./page.tsx";
import { PlaceButton } from "./parts/button.tsx";
import { Empty } from "./parts/states.tsx";
import { personOf } from "./places/paths.ts";
import { People } from "./places/people/people.tsx";
import { PersonPage } from "./places/people/person.tsx";
import { Drafts } from "./places/porch/drafts.tsx";
import { EditPost } from "./places/porch/edit.tsx";
import { Porch } from "./places/porch/porch.tsx";
import { Recent } from "./places/porch/recent.tsx";
import { Search } from "./places/porch/search.tsx";
import { WaitingComments } from "./places/porch/waiting.tsx";
import { Shell } from "./shell.tsx";

const Talk = lazy<{ swarm: string | null }>(async () => (await import("./places/talk/talk.tsx")).default);
const House = lazy<{ room: string | null }>(async () => (await import("./places/house/house.tsx")).default);
const LinkOther = lazy<object>(async () => (await import("./places/link-other.tsx")).default);

export default function Inside() {
  const [path] = useLocation();
  useEffect(() => watchPublicSide(inFront), []);
  useEffect(watchModeration, []);
  useEffect(watchCompany, []);
  return (
    <Shell>
      <Boundary key={path.split("/")[1] ?? ""}>
        <Places />
      </Boundary>
    </Shell>
  );
}

function Places() {
  return (
    <Switch>
      <Route path="/">
        <Porch />
      </Route>
      <Route path="/waiting">
        <WaitingComments />
      </Route>
      <Route path="/drafts">
        <Drafts />
      </Route>
      <Route path="/recent">
        <Recent />
      </Route>
      <Route path="/search">
        <Search />
      </Route>
      <Route path="/posts/:id">{({ id }) => <EditPost key={id} id={Number(id)} />}</Route>
      <Route path="/talk/:swarm?">{({ swarm }) => <Talk swarm={swarm ?? null} />}</Route>
      <Route path="/people">
        <People />
      </Route>
      <Route path="/people/*">{(params) => <PersonAt address={personOf(params["*"] ?? "")} />}</Route>
      <Route path="/link">
        <LinkOther />
      </Route>
      <Route path="/house/:room?">{({ room }) => <House room={room ?? null} />}</Route>
      <Route>
        <NoPage />
      </Route>
    </Switch>
  );
}

function PersonAt({ address }: { address: string }) {
  return <PersonPage key={address} address={address} />;
}

function NoPage() {
  return (
    <Page title={t("app.name")}>
      <Empty icon="lamp" title={t("app.noPage")} hint={t("app.noPageHint")}>
        <PlaceButton to="/" icon="lamp">
          {t("app.toPorch")}
        </PlaceButton>
      </Empty>
    </Page>
  );
}

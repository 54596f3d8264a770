/** Which screen belongs to which address, and who may see it. */
import { useEffect } from "preact/hooks";
import { Redirect, Route, Router, Switch, useLocation } from "wouter-preact";
import { watchCompany } from "../state/company.ts";
import { watchModeration } from "../state/moderation.ts";
import { watchPublicSide } from "../state/public.ts";
import { begin, session } from "../state/session.ts";
import { Boundary } from "./boundary.tsx";
import { inFront, keepTicket } from "./browser.ts";
import { t } from "./catalogue/catalogue.ts";
import { lazy } from "./lazy.tsx";
import { Page } from "./page.tsx";
import { PlaceButton } from "./parts/button.tsx";
import { Reauthentication } from "./parts/reauthentication.tsx";
import { Empty, Failure, Skeleton } from "./parts/states.tsx";
import { Login } from "./places/login/login.tsx";
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

const BASE = "/app";
const LOGIN = "/login";
const FORGOTTEN = "/login/reset";

const Talk = lazy<{ swarm: string | null }>(async () => (await import("./places/talk/talk.tsx")).default);
const House = lazy<{ room: string | null }>(async () => (await import("./places/house/house.tsx")).default);
const LinkOther = lazy<object>(async () => (await import("./places/link-other.tsx")).default);
const Setup = lazy<{ by: "setup" | "invite" }>(
  async () => (await import("./places/setup/setup.tsx")).default,
);

export function App() {
  useEffect(() => {
    keepTicket();
    void begin();
  }, []);
  return (
    <Router base={BASE}>
      <Boundary>
        <Gate />
        <Reauthentication />
      </Boundary>
    </Router>
  );
}

function Gate() {
  const now = session.value;
  const [path] = useLocation();
  if (now.state === "loading") {
    return (
      <main class="page" id="content">
        <Skeleton />
      </main>
    );
  }
  if (now.state === "failed") {
    return (
      <main class="page" id="content">
        <Failure title={t("app.noSite")} fault={now.fault} onRetry={begin} />
      </main>
    );
  }
  if (path === "/setup") return <Setup by="setup" />;
  if (path === "/join") return <Setup by="invite" />;
  const atDoor = path === LOGIN || path === FORGOTTEN;
  if (now.state === "out") {
    return atDoor ? <Login forgotten={path === FORGOTTEN} /> : <ToLogin from={path} />;
  }
  if (atDoor) return <Redirect to={wanted} replace />;
  return <Inside />;
}

/** Where to go after logging in. */
let wanted = "/";

function ToLogin({ from }: { from: string }) {
  wanted = from;
  return <Redirect to={LOGIN} replace />;
}

function Inside() {
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

/** The door, the first run, or what is inside: which of them is shown to whom. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { Redirect, Router, useLocation } from "wouter-preact";
import { begin, session } from "../state/session.ts";
import { Boundary } from "./boundary.tsx";
import { keepFragment } from "./browser.ts";
import { openCatalogue, t } from "./catalogue/catalogue.ts";
import { lazy } from "./lazy.tsx";
import { Reauthentication } from "./parts/reauthentication.tsx";
import { Failure, Skeleton } from "./parts/states.tsx";
import { Login } from "./places/login/login.tsx";

const BASE = "/app";
const LOGIN = "/login";
const FORGOTTEN = "/login/reset";
const MAILED = "/login/mail";
const HEAD_START_MS = 1_000;

/** A part behind the door comes with its words. */
async function inside<P>(fetching: Promise<P>): Promise<P> {
  return (await Promise.all([fetching, openCatalogue()]))[0];
}

const fetchInside = () => inside(import("./inside.tsx"));
const Inside = lazy<object>(async () => (await fetchInside()).default, "main");
const Reset = lazy<object>(async () => (await import("./places/login/reset.tsx")).default, "main");
const ByMail = lazy<object>(async () => (await import("./places/login/by-mail.tsx")).default, "main");
const Setup = lazy<{ by: "setup" | "invite" }>(
  async () => (await inside(import("./places/setup/setup.tsx"))).default,
  "main",
);

export function App() {
  useEffect(() => {
    keepFragment();
    window.addEventListener("hashchange", keepFragment);
    return () => window.removeEventListener("hashchange", keepFragment);
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
  if (path === MAILED) return <ByMail />;
  const atDoor = path === LOGIN || path === FORGOTTEN;
  if (now.state === "out") {
    if (!atDoor) return <ToLogin from={path} />;
    return <Outside>{path === FORGOTTEN && now.site.setup !== "open" ? <Reset /> : <Login />}</Outside>;
  }
  if (atDoor) return <Redirect to={wanted} replace />;
  return <Inside />;
}

/** At the door: what a login will need is fetched once the door is drawn, while somebody types a name. */
function Outside({ children }: { children: ComponentChildren }) {
  useEffect(() => {
    const timer = setTimeout(() => void fetchInside().catch(() => undefined), HEAD_START_MS);
    return () => clearTimeout(timer);
  }, []);
  return <>{children}</>;
}

/** Where to go after logging in. */
let wanted = "/";

function ToLogin({ from }: { from: string }) {
  wanted = from;
  return <Redirect to={LOGIN} replace />;
}

/** First run: four short screens. Which one is shown follows from what is done already, so a reload goes on there. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Redirect, useLocation } from "wouter-preact";
import { factorStepDone, finishFactorStep } from "../../../state/first-run.ts";
import { vaults } from "../../../state/house.ts";
import { identity } from "../../../state/identity.ts";
import { type Entry, me, session } from "../../../state/session.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Icon } from "../../icon.tsx";
import { Button, PlaceButton } from "../../parts/button.tsx";
import { LanguageChoice } from "../../parts/language.tsx";
import { NoticeArea } from "../../parts/notice.tsx";
import { Failure, Skeleton } from "../../parts/states.tsx";
import { privateGate } from "../unlinked.tsx";
import { FactorStep } from "./factor.tsx";
import { NameStep } from "./name.tsx";
import { Pairing } from "./pairing.tsx";
import { PhraseStep } from "./phrase.tsx";
import "../../style/setup.css";

const names = {
  1: "setup.stepName",
  2: "setup.stepPhrase",
  3: "setup.stepFactor",
  4: "setup.stepVault",
} as const;
const STEPS = [1, 2, 3, 4] as const;
type Step = (typeof STEPS)[number];

function currentStep(): Step | null {
  if (session.value.state === "out") return 1;
  const { status } = identity.value;
  if (status === "none") return 2;
  if (status !== "ready") return null;
  return factorStepDone(me.value?.username ?? "") ? 4 : 3;
}

/** The token of the one-time link. It stays in the address until the first step is done. */
function tokenOf(hash: string): string {
  return decodeURIComponent(hash.replace(/^#/, ""));
}

/** `by` is what the link was for: the site's first run, or an invite to it. */
export default function Setup({ by }: { by: Entry["by"] }) {
  const step = currentStep();
  useEffect(() => {
    document.title = t("app.title", { place: t("setup.title") });
  }, []);
  return (
    <main class="setup" id="content">
      <p class="brand">
        <Icon name="lamp" /> {t("app.name")}
      </p>
      {step && <Progress step={step} />}
      <div class="setup-card card" key={step}>
        <Content step={step} by={by} />
      </div>
      {step === 1 && <LanguageChoice />}
      <NoticeArea />
    </main>
  );
}

function Progress({ step }: { step: Step }) {
  return (
    <nav aria-label={t("setup.steps")} class="progress">
      <p class="small muted">{t("setup.step", { number: step, total: STEPS.length })}</p>
      <ol class="bare">
        {STEPS.map((number) => (
          <li
            key={number}
            class={number < step ? "done" : undefined}
            aria-current={number === step ? "step" : undefined}
          >
            <span class="progress-mark">{number < step ? <Icon name="check" /> : number}</span>
            <span>{t(names[number])}</span>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Content({ step, by }: { step: Step | null; by: Entry["by"] }) {
  const now = session.value;
  if (now.state === "out") {
    if (by === "setup" && now.site.setup === "done") return <Redirect to="/login" />;
    const token = tokenOf(window.location.hash);
    return token ? <NameStep entry={{ by, token }} /> : <NeedsLink by={by} />;
  }
  if (step === 2) return <PhraseStep />;
  if (step === 3) return <FactorStep onDone={() => finishFactorStep(me.value?.username ?? "")} />;
  if (step === 4) return <VaultStep />;
  if (identity.value.status === "unlinked") return <Redirect to="/talk" />;
  return (
    <>
      <StepTitle>{t("setup.title")}</StepTitle>
      {privateGate() ?? <Skeleton />}
    </>
  );
}

/** The heading of a step; focus goes there when the step appears. */
export function StepTitle({ children }: { children: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

function NeedsLink({ by }: { by: Entry["by"] }) {
  return (
    <>
      <StepTitle>{by === "invite" ? t("join.missing") : t("setup.link.title")}</StepTitle>
      <p>{by === "invite" ? t("join.missingHint") : t("setup.link.lead")}</p>
      {by === "invite" && (
        <PlaceButton to="/login" kind="quiet">
          {t("login.submit")}
        </PlaceButton>
      )}
    </>
  );
}

function VaultStep() {
  const done = useSignal(false);
  const [, navigate] = useLocation();
  useEffect(() => {
    void vaults.load();
  }, []);
  const fault = vaults.fault.value;
  if (!identity.value.root) return <Redirect to="/house/vault" />;
  if (fault && !vaults.data.value) {
    return <Failure title={t("vault.failed")} fault={fault} onRetry={() => vaults.load()} />;
  }
  const paired = done.value || (vaults.data.value ?? []).length > 0;
  return (
    <>
      <StepTitle>{t("setup.vault.title")}</StepTitle>
      {paired ? (
        <>
          <div class="paired">
            <Icon name="shield-check" />
            <p class="lead">{t("setup.vault.done")}</p>
          </div>
          <p>{t("setup.vault.doneHint")}</p>
          <Button kind="primary" class="wide" onPress={() => navigate("/")}>
            {t("setup.done")}
          </Button>
        </>
      ) : (
        <>
          <p>{t("setup.vault.lead")}</p>
          <Pairing
            onDone={() => {
              done.value = true;
            }}
          />
          <footer class="setup-end">
            <p class="small muted">{t("setup.vault.warn")}</p>
            <PlaceButton to="/" kind="quiet">
              {t("setup.later")}
            </PlaceButton>
          </footer>
        </>
      )}
    </>
  );
}

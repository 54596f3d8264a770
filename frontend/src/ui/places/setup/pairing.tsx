/** Pairing with a vault: the ones that wait, the code to compare, and how it ended. Used by first run and the house. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { connection } from "../../../state/connection.ts";
import { abort, confirm, pairing, refresh, start, waiting, waitingBrowsers } from "../../../state/pairing.ts";
import type { PairingStep, WaitingVault } from "../../../state/views.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Icon } from "../../icon.tsx";
import { Button } from "../../parts/button.tsx";
import { Code } from "../../parts/code.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Failure, FormFault, Skeleton } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";
import "../../style/setup.css";

const LOOK_AGAIN_MS = 4000;

export function Pairing({ onDone, browsers = false }: { onDone: () => void; browsers?: boolean }) {
  const { step, fault } = pairing.value;
  const differed = useSignal(false);
  const begun = useRef(false);
  useSignalEffect(() => {
    const { step: now } = pairing.value;
    if (now === "done" && begun.current) onDone();
    begun.current = now !== "done";
  });
  useEffect(() => {
    if (ended(pairing.peek().step)) void abort().catch(() => undefined);
    return leave;
  }, []);
  switch (step) {
    case "idle":
      return <Waiting differed={differed.value} browsers={browsers} />;
    case "opening":
      return <Working text={t("setup.vault.working")} />;
    case "compare":
      return (
        <Compare
          browsers={browsers}
          onDiffer={() => {
            differed.value = true;
          }}
        />
      );
    case "finishing":
      return <Working text={t("setup.vault.finishing")} />;
    case "failed":
      return (
        <Failure
          title={t("setup.vault.failed")}
          fault={{ code: fault ?? "unknown" }}
          onRetry={() => abort()}
        />
      );
    case "done":
      return null;
  }
}

/** How an earlier exchange ended is no news to whoever opens the screen now. */
function ended(step: PairingStep): boolean {
  return step === "done" || step === "failed";
}

/** Whoever leaves the screen in the middle gives up the exchange, so that the vault waits again. */
function leave(): void {
  const { step } = pairing.peek();
  if (step === "opening" || step === "compare") void abort().catch(() => undefined);
}

function Working({ text }: { text: string }) {
  return (
    <div role="status" class="stack">
      <p>{text}</p>
      <Skeleton bones={1} />
    </div>
  );
}

function Waiting({ differed, browsers }: { differed: boolean; browsers: boolean }) {
  useEffect(() => {
    const look = () => void refresh().catch(() => undefined);
    look();
    const timer = setInterval(look, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  const found = browsers ? waitingBrowsers.value : waiting.value;
  return (
    <>
      {differed && (
        <p class="bar" role="alert">
          <Icon name="circle-alert" /> <span>{t("setup.vault.differed")}</span>
        </p>
      )}
      {connection.value.light === "red" && <p class="bar">{t("setup.vault.offline")}</p>}
      <section class="stack close" aria-live="polite">
        {found.length === 0 ? (
          <NoneWaiting browsers={browsers} />
        ) : (
          found.map((one) => <WaitingLine key={one.slot} one={one} />)
        )}
      </section>
    </>
  );
}

function NoneWaiting({ browsers }: { browsers: boolean }) {
  if (browsers) {
    return (
      <div class="card">
        <p>{t("link.other")}</p>
        <Skeleton bones={1} />
      </div>
    );
  }
  return (
    <div class="vault-none">
      <Icon name="vault" />
      <h2>{t("setup.vault.none")}</h2>
      <p class="muted">{t("setup.vault.noneHint")}</p>
      <code class="command">homevault run --site {window.location.origin}</code>
    </div>
  );
}

function WaitingLine({ one }: { one: WaitingVault }) {
  const starting = useDeed();
  return (
    <div class="vault-line">
      <Icon name={one.role === "vault" ? "vault" : "monitor"} />
      <div>
        <h2>{one.name || t("setup.vault.unnamed")}</h2>
        <p class="small muted">
          {t("setup.vault.waiting")} · <Time at={one.since} />
        </p>
      </div>
      <Button kind="primary" busy={starting.busy.value} onPress={() => starting.run(() => start(one.slot))}>
        {t(one.role === "vault" ? "setup.vault.pair" : "link.choose")}
      </Button>
      <FormFault fault={starting.fault.value} />
    </div>
  );
}

function Compare({ browsers, onDiffer }: { browsers: boolean; onDiffer: () => void }) {
  const answering = useDeed();
  return (
    <section class="compare" aria-live="polite">
      <h2>{pairing.value.name || t("setup.vault.unnamed")}</h2>
      <Code code={pairing.value.code ?? ""} />
      <p>{t(browsers ? "link.compare" : "setup.vault.compare")}</p>
      <FormFault fault={answering.fault.value} />
      <div class="row setup-deeds">
        <Button
          icon="x"
          busy={answering.busy.value}
          onPress={() => {
            onDiffer();
            return answering.run(abort);
          }}
        >
          {t("setup.vault.differ")}
        </Button>
        <Button
          kind="primary"
          icon="check"
          busy={answering.busy.value}
          onPress={() => answering.run(confirm)}
        >
          {t("setup.vault.match")}
        </Button>
      </div>
    </section>
  );
}

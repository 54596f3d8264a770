/** The porch light: shape, colour and words together, and the panel behind it. */
import { useSignal } from "@preact/signals";
import { connection, reconnect } from "../state/connection.ts";
import { identity } from "../state/identity.ts";
import type { Light } from "../state/views.ts";
import { t } from "./catalogue/catalogue.ts";
import { Button } from "./parts/button.tsx";
import { Dialog } from "./parts/dialog.tsx";
import { sentence } from "./parts/states.tsx";
import { Time, useSeconds } from "./parts/time.tsx";

export type LampState = Light | "none";

/** Full disc, half disc, barred disc, empty ring; a dotted ring where there is no key. */
function Shape({ state }: { state: LampState }) {
  const ring = { cx: 12, cy: 12, r: 9, fill: "none", stroke: "currentColor", "stroke-width": 2.5 };
  switch (state) {
    case "green":
      return <circle cx={12} cy={12} r={10} fill="currentColor" />;
    case "yellow":
      return (
        <>
          <circle {...ring} />
          <path d="M12 3a9 9 0 0 0 0 18z" fill="currentColor" />
        </>
      );
    case "orange":
      return (
        <path
          d="M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zM6 10.5h12v3H6z"
          fill="currentColor"
          fill-rule="evenodd"
        />
      );
    case "red":
      return <circle {...ring} />;
    case "none":
      return <circle {...ring} stroke-dasharray="2.6 3.05" />;
  }
}

export function Lamp({ state }: { state: LampState }) {
  return (
    <svg class={`lamp ${state}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <Shape state={state} />
    </svg>
  );
}

/** What the light shows: without keys in this browser there is nothing to connect. */
export function lampState(): LampState {
  const { status } = identity.value;
  if (status === "none" || status === "unlinked" || status === "signed-out" || status === "failed")
    return "none";
  return status === "loading" ? "yellow" : connection.value.light;
}

const words = {
  green: ["light.green", "light.green.means"],
  yellow: ["light.yellow", "light.yellow.means"],
  orange: ["light.orange", "light.orange.means"],
  red: ["light.red", "light.red.means"],
  none: ["light.none", "light.none.means"],
} as const;

export function LightButton() {
  const open = useSignal(false);
  const state = lampState();
  const word = t(words[state][0]);
  return (
    <>
      <button
        type="button"
        class="light-button"
        aria-haspopup="dialog"
        onClick={() => {
          open.value = true;
        }}
      >
        <Lamp state={state} />
        <span class="hidden-visually">{t("light.label", { state: word })}</span>
        <span aria-hidden="true">{word}</span>
      </button>
      <span class="hidden-visually" role="status" aria-live="polite">
        {t("light.label", { state: word })}
      </span>
      {open.value && (
        <LightPanel
          state={state}
          onClose={() => {
            open.value = false;
          }}
        />
      )}
    </>
  );
}

function LightPanel({ state, onClose }: { state: LampState; onClose: () => void }) {
  const { since, fault, waiting } = connection.value;
  return (
    <Dialog title={t("light.title")} onClose={onClose}>
      <div class="light-panel">
        <Lamp state={state} />
        <p class="state">{t(words[state][0])}</p>
      </div>
      <p>{t(words[state][1])}</p>
      {state !== "none" && (
        <dl class="facts">
          <dt>{t("light.path")}</dt>
          <dd>{t(state === "green" ? "light.path.relayed" : "light.path.none")}</dd>
          {waiting > 0 && (
            <>
              <dt>{t("light.waiting")}</dt>
              <dd>{t("light.letters", { count: waiting })}</dd>
            </>
          )}
          {since > 0 && (
            <>
              <dt>{t("light.since")}</dt>
              <dd>
                <Time at={since} />
              </dd>
            </>
          )}
          {fault && state !== "green" && (
            <>
              <dt>{t("light.reason")}</dt>
              <dd>
                {sentence({ code: fault })} <span class="small muted">{t("app.code", { code: fault })}</span>
              </dd>
            </>
          )}
        </dl>
      )}
      {state === "red" && <Again />}
    </Dialog>
  );
}

function Again() {
  const now = useSeconds();
  const { nextTry, attempt, attempts } = connection.value;
  return (
    <>
      {nextTry !== null && (
        <p class="muted">
          {t("light.next", { count: Math.max(0, Math.ceil((nextTry - now) / 1000)) })}{" "}
          {attempt > 0 && t("light.attempt", { attempt, attempts })}
        </p>
      )}
      <Button kind="primary" icon="refresh-cw" onPress={reconnect}>
        {t("light.reconnect")}
      </Button>
    </>
  );
}

/** The porch light: shape, colour and words together, and the panel behind it. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { ConnectionView, Light } from "../state/views.ts";
import { type Key, t } from "./catalogue/catalogue.ts";
import { Button } from "./parts/button.tsx";
import { Dialog } from "./parts/dialog.tsx";
import { sentence } from "./parts/states.tsx";
import { Time, Until, useSeconds } from "./parts/time.tsx";

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

/** Whose light it is: what it shows, and what its colours mean for them. */
export interface LightProps {
  state: LampState;
  view: ConnectionView;
  means: Readonly<Record<LampState, Key>>;
  /** The way it is connected, when it is. */
  path: Key;
  /** Something waits to be seen. */
  pulsing: boolean;
  onReconnect: () => void;
  /** The panel was opened: what waited is seen. */
  onSeen: () => void;
  /** What waited, and ways to other settings; shown in the panel. */
  children?: ComponentChildren;
}

const names = {
  green: "light.green",
  yellow: "light.yellow",
  orange: "light.orange",
  red: "light.red",
  none: "light.none",
} as const;

export function LightButton(props: LightProps) {
  const open = useSignal(false);
  const { state, pulsing } = props;
  const word = t(names[state]);
  const label = pulsing ? t("light.labelNews", { state: word }) : t("light.label", { state: word });
  return (
    <>
      <button
        type="button"
        class={pulsing ? "light-button pulsing" : "light-button"}
        aria-haspopup="dialog"
        onClick={() => {
          open.value = true;
          props.onSeen();
        }}
      >
        <Lamp state={state} />
        <span class="hidden-visually">{label}</span>
        <span aria-hidden="true">{word}</span>
      </button>
      <span class="hidden-visually" role="status" aria-live="polite">
        {label}
      </span>
      {open.value && (
        <LightPanel
          {...props}
          onClose={() => {
            props.onSeen();
            open.value = false;
          }}
        />
      )}
    </>
  );
}

function LightPanel({
  state,
  view,
  means,
  path,
  onReconnect,
  onClose,
  children,
}: LightProps & { onClose: () => void }) {
  return (
    <Dialog title={t("light.title")} onClose={onClose}>
      <div class="light-panel">
        <Lamp state={state} />
        <p class="state">{t(names[state])}</p>
      </div>
      <p>{t(means[state] as "light.green.means")}</p>
      {state !== "none" && <Facts state={state} view={view} path={path} />}
      {children}
      {state === "red" && <Again view={view} onReconnect={onReconnect} />}
    </Dialog>
  );
}

function Facts({ state, view, path }: Pick<LightProps, "state" | "view" | "path">) {
  const { since, fault, waiting, block } = view;
  const connected = state === "green" || state === "orange";
  return (
    <dl class="facts">
      {block && (
        <>
          <dt>{t("light.until")}</dt>
          <dd>
            <Until at={block.until} />
          </dd>
        </>
      )}
      {block?.reason && (
        <>
          <dt>{t("light.reason")}</dt>
          <dd>{block.reason}</dd>
        </>
      )}
      <dt>{t("light.path")}</dt>
      <dd>{t(connected ? (path as "light.path.relayed") : "light.path.none")}</dd>
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
      {fault && !connected && (
        <>
          <dt>{t("light.reason")}</dt>
          <dd>
            {sentence({ code: fault })} <span class="small muted">{t("app.code", { code: fault })}</span>
          </dd>
        </>
      )}
    </dl>
  );
}

function Again({ view, onReconnect }: { view: ConnectionView; onReconnect: () => void }) {
  const now = useSeconds();
  const { nextTry, attempt, attempts } = view;
  return (
    <>
      {nextTry !== null && (
        <p class="muted">
          {t("light.next", { count: Math.max(0, Math.ceil((nextTry - now) / 1000)) })}{" "}
          {attempt > 0 && t("light.attempt", { attempt, attempts })}
        </p>
      )}
      <Button kind="primary" icon="refresh-cw" onPress={onReconnect}>
        {t("light.reconnect")}
      </Button>
    </>
  );
}

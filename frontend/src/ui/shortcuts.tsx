/** Single-key shortcuts, the list of them behind `?`, and the switch that turns them off. */
import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { type Key, t } from "./catalogue/catalogue.ts";
import { focusPart } from "./page.tsx";
import { Button } from "./parts/button.tsx";
import { Dialog } from "./parts/dialog.tsx";

const STORE = "porchlight.shortcuts";
const SEQUENCE_MS = 1200;
const PLACES: Readonly<Record<string, string>> = { p: "/", t: "/talk", e: "/people", h: "/house" };

function stored(): boolean {
  try {
    return localStorage.getItem(STORE) !== "off";
  } catch {
    return true;
  }
}

const enabled = signal(stored());
export const shortcutsShown = signal(false);

function enable(on: boolean): void {
  enabled.value = on;
  try {
    localStorage.setItem(STORE, on ? "on" : "off");
  } catch {
    // holds until the page is left
  }
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null
  );
}

export function useShortcuts(): void {
  const [, navigate] = useLocation();
  useEffect(() => {
    let started = 0;
    function onKey(event: KeyboardEvent): void {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === "?") {
        event.preventDefault();
        shortcutsShown.value = true;
        return;
      }
      if (!enabled.value || document.querySelector("dialog[open]")) return;
      const place = Date.now() - started < SEQUENCE_MS ? PLACES[event.key] : undefined;
      started = event.key === "g" ? Date.now() : 0;
      if (place) go(event, place);
      else if (event.key === "n") go(event, "/", "write");
      else if (event.key === "/") go(event, "/people", "find");
    }
    function go(event: KeyboardEvent, place: string, part?: string): void {
      event.preventDefault();
      navigate(place);
      if (part) focusPart(part);
    }
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [navigate]);
}

const LIST: readonly (readonly [keys: readonly string[], key: Key & `shortcuts.${string}`])[] = [
  [["g", "p"], "shortcuts.porch"],
  [["g", "t"], "shortcuts.talk"],
  [["g", "e"], "shortcuts.people"],
  [["g", "h"], "shortcuts.house"],
  [["n"], "shortcuts.write"],
  [["/"], "shortcuts.find"],
  [["Ctrl", "Enter"], "shortcuts.send"],
  [["?"], "shortcuts.help"],
];

function joint(keys: readonly string[]): string {
  return keys[0] === "Ctrl" ? "+" : t("shortcuts.then");
}

export function Shortcuts() {
  if (!shortcutsShown.value) return null;
  const close = () => {
    shortcutsShown.value = false;
  };
  return (
    <Dialog title={t("shortcuts.title")} onClose={close}>
      <dl class="facts">
        {LIST.map(([keys, key]) => (
          <>
            <dt key={key}>
              {keys.map((name, index) => (
                <>
                  {index > 0 && <span class="small"> {joint(keys)} </span>}
                  <kbd key={name}>{name}</kbd>
                </>
              ))}
            </dt>
            <dd>{t(key as "shortcuts.help")}</dd>
          </>
        ))}
      </dl>
      <SingleKeys />
    </Dialog>
  );
}

function SingleKeys() {
  return (
    <div class="field">
      <label class="switch">
        <input
          type="checkbox"
          checked={enabled.value}
          onChange={(event) => enable(event.currentTarget.checked)}
        />
        <span>{t("shortcuts.single")}</span>
      </label>
      <p class="hint">{t("shortcuts.singleHint")}</p>
    </div>
  );
}

export function ShortcutsButton() {
  const pressed = useSignal(0);
  return (
    <Button
      kind="quiet"
      icon="keyboard"
      onPress={() => {
        pressed.value += 1;
        shortcutsShown.value = true;
      }}
    >
      {t("shortcuts.open")}
    </Button>
  );
}

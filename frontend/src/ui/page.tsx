/** The frame of a screen: its heading, which takes focus when the place changes, and the browser's title. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Link } from "wouter-preact";
import { t } from "./catalogue/catalogue.ts";
import { Icon } from "./icon.tsx";

let visited = false;
let wanted: string | null = null;

/** Focuses the part marked `data-shortcut=name`, now if it is on the screen, else when the next place is. */
export function focusPart(name: string): void {
  wanted = name;
  focusWanted();
}

function focusWanted(): boolean {
  const part = wanted && document.querySelector<HTMLElement>(`[data-shortcut="${wanted}"]`);
  if (!part) return false;
  part.focus();
  wanted = null;
  return true;
}

/** For the heading of a screen: sets the title and, except on the first load, moves focus to it. */
export function useHeading(title: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = t("app.title", { place: title });
  }, [title]);
  useEffect(() => {
    if (!focusWanted() && visited) heading.current?.focus({ preventScroll: true });
    visited = true;
    wanted = null;
  }, []);
  return heading;
}

interface PageProps {
  title: string;
  back?: { to: string; label: string };
  /** The content shows the name itself, larger; the heading is there for screen readers. */
  named?: boolean;
  children: ComponentChildren;
}

export function Page({ title, back, named = false, children }: PageProps) {
  const heading = useHeading(title);
  return (
    <div class="page">
      <header class="page-head">
        {back && <Back {...back} shown={named} />}
        <h1 ref={heading} tabIndex={-1} class={named ? "hidden-visually" : undefined}>
          {title}
        </h1>
      </header>
      {children}
    </div>
  );
}

export function Back({ to, label, shown = false }: { to: string; label: string; shown?: boolean }) {
  return (
    <Link to={to} className="button quiet back" title={label}>
      <Icon name="arrow-left" mirrored />
      <span class={shown ? undefined : "hidden-visually"}>{label}</span>
    </Link>
  );
}

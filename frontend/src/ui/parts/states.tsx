/** The five states of a list or form: loading, empty, normal, error, and older data while there is no connection. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Shown } from "../../state/resource.ts";
import { errorText, t } from "../catalogue/catalogue.ts";
import { Icon } from "../icon.tsx";
import type { IconName } from "../shapes.ts";
import { Button } from "./button.tsx";
import { relative } from "./time.tsx";

const SKELETON_AFTER_MS = 150;

/** True once the part has been there for a moment; quick answers never flash a skeleton. */
export function useAfter(milliseconds: number): boolean {
  const [passed, pass] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => pass(true), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
  return passed;
}

export function Skeleton({ bones = 3 }: { bones?: number }) {
  const shown = useAfter(SKELETON_AFTER_MS);
  return (
    <div class="skeleton" aria-busy="true">
      <p class="hidden-visually" role="status">
        {shown ? t("app.loading") : ""}
      </p>
      {shown &&
        Array.from({ length: bones }, (_, index) => (
          <div class="bone" aria-hidden="true" key={index}>
            <span />
            <span />
            <span />
          </div>
        ))}
    </div>
  );
}

interface EmptyProps {
  icon: IconName;
  title: string;
  hint: string;
  children?: ComponentChildren;
}

export function Empty({ icon, title, hint, children }: EmptyProps) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      <p>{hint}</p>
      {children}
    </div>
  );
}

export interface Fault {
  readonly code: string;
  readonly message?: string;
  /** Seconds until trying again makes sense. */
  readonly wait?: number | null;
}

/** What happened and what to do, in words: ours for known codes, the site's own sentence otherwise. */
export function sentence(fault: Fault): string {
  if (fault.code === "too_many" && fault.wait) return t("app.wait", { count: fault.wait });
  const own = fault.message && fault.message !== fault.code ? fault.message : null;
  return errorText(fault.code) ?? own ?? t("error.unknown");
}

export function Failure({ title, fault, onRetry }: { title: string; fault: Fault; onRetry?: () => unknown }) {
  return (
    <div class="failure" role="alert">
      <h2>
        <Icon name="circle-alert" /> {title}
      </h2>
      <p>{sentence(fault)}</p>
      <p class="small muted">{t("app.code", { code: fault.code })}</p>
      {onRetry && (
        <Button icon="refresh-cw" onPress={onRetry}>
          {t("app.retry")}
        </Button>
      )}
    </div>
  );
}

/** A fault below a form: what to do, and the code. */
export function FormFault({ fault }: { fault: Fault | null }) {
  return (
    <div role="alert">
      {fault && (
        <p class="problem">
          <Icon name="circle-alert" />
          <span>
            {sentence(fault)} <span class="muted">{t("app.code", { code: fault.code })}</span>
          </span>
        </p>
      )}
    </div>
  );
}

interface LoadedProps<T> {
  from: Shown<T>;
  failed: string;
  empty?: ComponentChildren;
  isEmpty?: (data: T) => boolean;
  bones?: number;
  children: (data: T) => ComponentChildren;
}

/** Shows a resource in whichever state it is. */
export function Loaded<T>({ from, failed, empty, isEmpty, bones, children }: LoadedProps<T>) {
  const data = from.data.value;
  const fault = from.fault.value;
  useEffect(() => {
    void from.load();
  }, [from]);
  if (data === undefined) {
    if (fault) return <Failure title={failed} fault={fault} onRetry={() => from.load()} />;
    return <Skeleton bones={bones ?? 3} />;
  }
  return (
    <>
      <Outdated from={from} />
      {isEmpty?.(data) ? empty : children(data)}
    </>
  );
}

/** Where the newest try failed: from when what is shown is. */
export function Outdated({ from }: { from: Shown<unknown> }) {
  const fault = from.fault.value;
  const at = from.freshAt.value;
  if (fault === null) return null;
  return (
    <div class="bar" role="status">
      <Icon name="wifi-off" />
      <p>
        {sentence(fault)} {at !== null && t("offline.since", { when: relative(at) })}
      </p>
      <Button kind="quiet" onPress={() => from.load()}>
        {t("app.retry")}
      </Button>
    </div>
  );
}

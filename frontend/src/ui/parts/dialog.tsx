/** A modal dialog: the browser's own, so focus stays inside, Escape closes, and focus goes back afterwards. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../catalogue/catalogue.ts";
import { Button } from "./button.tsx";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  footer?: ComponentChildren;
  /** As wide as the window allows, for what is looked at. */
  wide?: boolean;
  onKey?: (key: string) => void;
}

export function Dialog({ title, onClose, children, footer, wide = false, onKey }: DialogProps) {
  const id = useId();
  const frame = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = frame.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={frame}
      class={wide ? "wide" : undefined}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === frame.current) onClose();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        onKey?.(event.key);
      }}
    >
      <div class="dialog">
        <div class="dialog-head">
          <h2 id={id}>{title}</h2>
          <Button kind="quiet" icon="x" iconOnly onPress={onClose}>
            {t("app.close")}
          </Button>
        </div>
        {children}
        {footer && <div class="dialog-end">{footer}</div>}
      </div>
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  hint: string;
  deed: string;
  kind?: "primary" | "danger";
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before a deed; the button is named after it. */
export function Confirm({
  title,
  hint,
  deed,
  kind = "danger",
  busy = false,
  onConfirm,
  onClose,
}: ConfirmProps) {
  const footer = (
    <>
      <Button onPress={onClose}>{t("app.cancel")}</Button>
      <Button kind={kind} busy={busy} onPress={onConfirm}>
        {deed}
      </Button>
    </>
  );
  return (
    <Dialog title={title} onClose={onClose} footer={footer}>
      <p>{hint}</p>
    </Dialog>
  );
}

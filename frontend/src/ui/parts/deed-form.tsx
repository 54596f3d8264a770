/** A small form for one deed: its fields, what went wrong, the button named after it, and a way back where there is one. */
import type { ComponentChildren } from "preact";
import { t } from "../catalogue/catalogue.ts";
import { Button, type ButtonKind } from "./button.tsx";
import type { Deed } from "./deed.ts";
import { FormFault } from "./states.tsx";

interface DeedFormProps {
  deed: Deed;
  label: string;
  kind?: ButtonKind;
  /** `close` where the form stands among other things. */
  class?: "close";
  /** The fields say themselves what is wrong with them. */
  noValidate?: boolean;
  onSend: () => unknown;
  onCancel?: () => void;
  children: ComponentChildren;
}

export function DeedForm({
  deed,
  label,
  kind = "primary",
  class: look,
  noValidate = false,
  onSend,
  onCancel,
  children,
}: DeedFormProps) {
  return (
    <form
      class={look ? `stack ${look}` : "stack"}
      noValidate={noValidate}
      onSubmit={(event) => {
        event.preventDefault();
        onSend();
      }}
    >
      {children}
      <FormFault fault={deed.fault.value} />
      <div class="row">
        <Button kind={kind} submit busy={deed.busy.value}>
          {label}
        </Button>
        {onCancel && <Button onPress={onCancel}>{t("app.cancel")}</Button>}
      </div>
    </form>
  );
}

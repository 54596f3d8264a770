/** Fields for what proves who one is. */
import { type Signal, useSignal } from "@preact/signals";
import { t } from "../catalogue/catalogue.ts";
import { Field, PasswordField } from "./field.tsx";

/** As the site judges it. */
const SHORTEST_PASSWORD = 10;

interface NewPassword {
  readonly text: Signal<string>;
  readonly problem: () => string | null;
  /** Whether it may be sent; if not, the field says why from now on. */
  readonly ready: () => boolean;
}

/** A password that is being chosen: nothing is wrong with it before it was tried. */
export function useNewPassword(): NewPassword {
  const text = useSignal("");
  const tried = useSignal(false);
  const short = () => text.value.length < SHORTEST_PASSWORD;
  return {
    text,
    problem: () => (tried.value && short() ? t("login.short") : null),
    ready: () => {
      tried.value = true;
      return !short();
    },
  };
}

export function NewPasswordField({ of, label, hint }: { of: NewPassword; label: string; hint?: string }) {
  return (
    <PasswordField
      label={label}
      value={of.text.value}
      problem={of.problem()}
      hint={hint}
      onText={(text) => {
        of.text.value = text;
      }}
      attributes={{ autoComplete: "new-password", required: true, maxLength: 256 }}
    />
  );
}

/** A code of an app or from paper: never filled in by an earlier one. */
export function CodeField({ label, value }: { label: string; value: { value: string } }) {
  return (
    <Field
      label={label}
      value={value.value}
      onText={(text) => {
        value.value = text;
      }}
      attributes={{
        autoComplete: "one-time-code",
        autoCapitalize: "none",
        spellcheck: false,
        required: true,
        maxLength: 20,
        dir: "ltr",
        class: "input code-input",
      }}
    />
  );
}

/** Fields for what proves who one is. */
import { Field } from "./field.tsx";

/** As the site judges it. */
export const SHORTEST_PASSWORD = 10;

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

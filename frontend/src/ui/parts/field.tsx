/** A labelled input with its hint and its problem, tied together for screen readers. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren, InputHTMLAttributes, TextareaHTMLAttributes } from "preact";
import { useId } from "preact/hooks";
import { t } from "../catalogue/catalogue.ts";
import { Icon } from "../icon.tsx";
import { Button } from "./button.tsx";

type Attributes = InputHTMLAttributes<HTMLInputElement> & TextareaHTMLAttributes<HTMLTextAreaElement>;

interface FieldProps {
  label: string;
  value: string;
  onText: (text: string) => void;
  hint?: string | undefined;
  problem?: string | null | undefined;
  attributes?: Omit<Attributes, "value">;
}

export function Problem({ text, id }: { text: string; id?: string }) {
  return (
    <p class="problem" id={id}>
      <Icon name="circle-alert" /> <span>{text}</span>
    </p>
  );
}

interface Tied {
  id: string;
  value: string;
  "aria-invalid": "true" | undefined;
  "aria-describedby": string | undefined;
  onInput: (event: { currentTarget: { value: string } }) => void;
}

type FrameProps = FieldProps & { children: (tied: Tied) => ComponentChildren };

/** The label above, the hint and the problem below, whatever the input is. */
function Frame({ label, value, onText, hint, problem, children }: FrameProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        value,
        "aria-invalid": problem ? "true" : undefined,
        "aria-describedby": described || undefined,
        onInput: (event) => onText(event.currentTarget.value),
      })}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {problem && <Problem text={problem} id={`${id}-problem`} />}
    </div>
  );
}

export function Field(props: FieldProps) {
  return <Frame {...props}>{(tied) => <input class="input" {...tied} {...props.attributes} />}</Frame>;
}

export function LongField(props: FieldProps) {
  return <Frame {...props}>{(tied) => <Grow {...props.attributes} {...tied} />}</Frame>;
}

type GrowProps = Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "value"> & { value: string };

/** A text area as tall as its text. */
export function Grow(props: GrowProps) {
  return (
    <div class="grow" data-text={props.value}>
      <textarea rows={1} {...props} />
    </div>
  );
}

/** A password that can be looked at while typing. */
export function PasswordField(props: FieldProps) {
  const shown = useSignal(false);
  const turn = () => {
    shown.value = !shown.value;
  };
  return (
    <Frame {...props}>
      {(tied) => (
        <div class="joined">
          <input class="input" type={shown.value ? "text" : "password"} {...tied} {...props.attributes} />
          <Button kind="quiet" icon={shown.value ? "eye-off" : "eye"} iconOnly onPress={turn}>
            {shown.value ? t("login.hide") : t("login.show")}
          </Button>
        </div>
      )}
    </Frame>
  );
}

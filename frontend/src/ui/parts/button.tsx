/** Buttons and links that look like them. A busy button stays focusable and answers no click. */
import type { ButtonHTMLAttributes, ComponentChildren } from "preact";
import { Link } from "wouter-preact";
import { Icon } from "../icon.tsx";
import type { IconName } from "../shapes.ts";

export type ButtonKind = "primary" | "plain" | "quiet" | "danger";

interface Look {
  kind?: ButtonKind;
  icon?: IconName;
  mirrored?: boolean;
  class?: string;
  children: ComponentChildren;
}

interface ButtonProps extends Look {
  onPress?: (() => unknown) | undefined;
  submit?: boolean;
  busy?: boolean;
  disabled?: boolean;
  /** Only the icon is seen; the words name it. */
  iconOnly?: boolean;
  attributes?: ButtonHTMLAttributes<HTMLButtonElement>;
}

function classes(kind: ButtonKind, extra = ""): string {
  return `button ${kind} ${extra}`.trim();
}

function Inside({ icon, mirrored, iconOnly, children }: Look & { iconOnly?: boolean | undefined }) {
  return (
    <>
      {icon && <Icon name={icon} mirrored={mirrored ?? false} />}
      <span class={iconOnly ? "hidden-visually" : undefined}>{children}</span>
    </>
  );
}

export function Button({
  kind = "plain",
  submit,
  busy,
  disabled,
  onPress,
  attributes,
  ...look
}: ButtonProps) {
  const off = busy || disabled;
  const title = look.iconOnly && typeof look.children === "string" ? look.children : undefined;
  return (
    <button
      type={submit ? "submit" : "button"}
      class={classes(kind, look.class)}
      aria-disabled={off ? "true" : undefined}
      aria-busy={busy ? "true" : undefined}
      title={title}
      onClick={(event) => {
        if (off) event.preventDefault();
        else onPress?.();
      }}
      {...attributes}
    >
      <Inside {...look} />
    </button>
  );
}

/** A link to a place of the app. */
export function PlaceButton({ to, kind = "plain", ...look }: Look & { to: string }) {
  return (
    <Link to={to} className={classes(kind, look.class)}>
      <Inside {...look} />
    </Link>
  );
}

/** A link out of the app. */
export function OutButton({
  href,
  download,
  kind = "plain",
  ...look
}: Look & { href: string; download?: string }) {
  return (
    <a href={href} download={download} class={classes(kind, look.class)}>
      <Inside {...look} />
    </a>
  );
}

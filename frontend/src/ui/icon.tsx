/** One icon, drawn in the colour of the text it stands beside. It is decoration: the text names it. */
import { createElement } from "preact";
import { type IconName, shapes } from "./shapes.ts";

export function Icon({ name, mirrored = false }: { name: IconName; mirrored?: boolean }) {
  return (
    <svg class={mirrored ? "icon mirrored" : "icon"} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {shapes[name].map(([tag, attributes], index) => createElement(tag, { key: index, ...attributes }))}
    </svg>
  );
}

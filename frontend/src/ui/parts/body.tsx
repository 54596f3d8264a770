/** The body of a post, built element by element from what `safeBody` let through. */
import { type ComponentChildren, createElement } from "preact";
import { useMemo } from "preact/hooks";
import { type SafeNode, safeBody } from "../../state/body.ts";

function build(nodes: readonly SafeNode[]): ComponentChildren[] {
  return nodes.map((node, index) => (typeof node === "string" ? node : element(node, index)));
}

function element({ tag, attrs, children }: Exclude<SafeNode, string>, key: number): ComponentChildren {
  const inside = build(children);
  if (tag === "a") {
    const out = { target: "_blank", rel: "nofollow noopener noreferrer" };
    return createElement("a", { key, ...attrs, ...out }, ...inside);
  }
  if (tag === "pre") return createElement(tag, { key, ...attrs, tabIndex: 0 }, ...inside); // it may scroll
  const made = createElement(tag, { key, ...attrs }, ...inside);
  return tag === "table" ? createElement("div", { key, class: "wide", tabIndex: 0 }, made) : made;
}

export function Body({ nodes }: { nodes: unknown }) {
  const safe = useMemo(() => safeBody(nodes), [nodes]);
  return (
    <div class="reading" dir="auto">
      {build(safe)}
    </div>
  );
}

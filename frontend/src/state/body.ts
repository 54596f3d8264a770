/**
 * The second judge of a post's body: of whatever the site's API gave, only the elements and attributes below are kept;
 * of an unknown element its words stay. Links are http, https or mailto. Depth and size are bounded.
 */
export interface SafeElement {
  readonly tag: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly children: readonly SafeNode[];
}
export type SafeNode = string | SafeElement;

const MAX_DEPTH = 24;
const MAX_NODES = 20_000;
const BLOCKS =
  "p h3 h4 h5 h6 ul ol li dl dt dd blockquote pre table caption thead tbody tfoot tr th td hr br".split(" ");
const INLINE =
  "a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small strong sub sup time u var wbr".split(
    " ",
  );
const KEPT = new Set([...BLOCKS, ...INLINE]);
const VOID = new Set(["br", "hr", "wbr"]);
const RAISED: Readonly<Record<string, string>> = { h1: "h3", h2: "h4" };
const SILENT = new Set("script style template noscript iframe object embed svg math head title".split(" "));
const FORMS: Readonly<Record<string, RegExp>> = {
  dir: /^(ltr|rtl|auto)$/,
  lang: /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$/,
  start: /^[0-9]{1,6}$/,
  title: /^[\s\S]{1,300}$/,
};
const OWN: Readonly<Record<string, readonly string[]>> = { a: ["title"], abbr: ["title"], ol: ["start"] };

/** An absolute http, https or mailto link, or null. */
export function safeLink(value: unknown): string | null {
  if (typeof value !== "string" || value.length > 2000 || /[\\\s\0]/.test(value)) return null;
  if (/^mailto:[^/]/i.test(value)) return value;
  if (!/^https?:\/\//i.test(value)) return null;
  return URL.canParse(value) ? value : null;
}

function attributes(tag: string, given: unknown): Record<string, string> {
  const kept: Record<string, string> = {};
  if (!given || typeof given !== "object") return kept;
  for (const name of ["dir", "lang", ...(OWN[tag] ?? [])]) {
    const value = Object.hasOwn(given, name) ? (given as Record<string, unknown>)[name] : undefined;
    if (typeof value === "string" && FORMS[name]?.test(value)) kept[name] = value;
  }
  return kept;
}

class Judge {
  private left = MAX_NODES;

  nodes(given: unknown, depth: number): SafeNode[] {
    if (!Array.isArray(given) || depth > MAX_DEPTH) return [];
    const kept: SafeNode[] = [];
    for (const node of given) {
      if (this.left <= 0) break;
      this.left -= 1;
      if (typeof node === "string") kept.push(node);
      else if (node && typeof node === "object") kept.push(...this.element(node, depth));
    }
    return kept;
  }

  private element(node: { tag?: unknown; attrs?: unknown; children?: unknown }, depth: number): SafeNode[] {
    if (typeof node.tag !== "string" || SILENT.has(node.tag.toLowerCase())) return [];
    const tag = RAISED[node.tag] ?? node.tag;
    const children = VOID.has(tag) ? [] : this.nodes(node.children, depth + 1);
    if (!KEPT.has(tag)) return children;
    const attrs = attributes(tag, node.attrs);
    if (tag !== "a") return [{ tag, attrs, children }];
    const href = safeLink((node.attrs as { href?: unknown } | undefined)?.href);
    return href ? [{ tag, attrs: { ...attrs, href }, children }] : children;
  }
}

export function safeBody(given: unknown): SafeNode[] {
  return new Judge().nodes(given, 0);
}

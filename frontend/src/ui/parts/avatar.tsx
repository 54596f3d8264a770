/** A person's picture: their initials until pictures exist. */

const graphemes =
  typeof Intl.Segmenter === "function" ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : null;

function firstOf(word: string): string {
  if (!graphemes) return [...word][0] ?? "";
  return graphemes.segment(word)[Symbol.iterator]().next().value?.segment ?? "";
}

/** One or two first letters of a name. */
export function initials(name: string): string {
  const words = name.replace(/^@/, "").split(/\s+/).filter(Boolean);
  const picked = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return picked
    .map((word) => firstOf(word ?? ""))
    .join("")
    .toLocaleUpperCase();
}

export function Avatar({ name, size }: { name: string; size?: "big" | "little" }) {
  return (
    <span class={size ? `avatar ${size}` : "avatar"} aria-hidden="true">
      {initials(name) || "·"}
    </span>
  );
}

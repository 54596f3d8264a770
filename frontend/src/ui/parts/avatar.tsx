/** A person's picture, or their initials where there is none or it cannot be had. */
import { useSignal } from "@preact/signals";
import { faceOf } from "../../state/faces.ts";

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

interface AvatarProps {
  name: string;
  /** Whose picture is looked for among those known. */
  address?: string | null | undefined;
  /** The picture itself, where the caller has it. */
  picture?: string | null | undefined;
  /** What it shows, where the picture is more than an ornament beside a name. */
  alt?: string | undefined;
  size?: "big" | "little" | undefined;
}

export function Avatar({ name, address, picture, alt, size }: AvatarProps) {
  const broken = useSignal<string | null>(null);
  const source = picture ?? faceOf(address);
  const look = size ? `avatar ${size}` : "avatar";
  if (source && source !== broken.value) {
    return (
      <span class={look} aria-hidden={alt ? undefined : "true"}>
        <img
          src={source}
          alt={alt ?? ""}
          loading="lazy"
          decoding="async"
          onError={() => {
            broken.value = source;
          }}
        />
      </span>
    );
  }
  return (
    <span class={look} aria-hidden="true">
      {initials(name) || "·"}
    </span>
  );
}

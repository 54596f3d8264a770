/** What a post shows: pictures side by side, players, documents. A picture opens large; the whole one downloads. */
import { useSignal } from "@preact/signals";
import { decode } from "blurhash";
import { useEffect, useRef } from "preact/hooks";
import type { MediaFile, ShownMedia } from "../../state/shapes.ts";
import { t } from "../catalogue/catalogue.ts";
import { Icon } from "../icon.tsx";
import { lazy } from "../lazy.tsx";
import { Button, OutButton } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { sizeText } from "./size.ts";
import "../style/media.css";

const PdfPages = lazy(async () => (await import("./pdf.tsx")).PdfPages);
const BLUR = 24;

export interface Exhibit {
  readonly media: ShownMedia;
  readonly alt: string;
}

export function Gallery({ exhibits }: { exhibits: readonly Exhibit[] }) {
  const open = useSignal<number | null>(null);
  if (exhibits.length === 0) return null;
  const pictures = exhibits.filter(({ media }) => media.kind === "image");
  const others = exhibits.filter(({ media }) => media.kind !== "image");
  return (
    <div class="gallery">
      {pictures.length > 0 && (
        <div class={`pictures of-${Math.min(pictures.length, 4)}`}>
          {pictures.map((one, index) => (
            <button
              type="button"
              class="picture-button"
              key={one.media.uid}
              aria-label={t("media.open", { name: one.alt || one.media.name })}
              onClick={() => {
                open.value = index;
              }}
            >
              <Picture exhibit={one} sizes="(min-width: 60rem) 40rem, 100vw" />
            </button>
          ))}
        </div>
      )}
      {others.map((one) => (
        <Player key={one.media.uid} exhibit={one} />
      ))}
      {open.value !== null && (
        <Viewer
          pictures={pictures}
          at={open.value}
          onMove={(to) => {
            open.value = to;
          }}
          onClose={() => {
            open.value = null;
          }}
        />
      )}
    </div>
  );
}

function sources(files: readonly MediaFile[]): string {
  return files.map((file) => `${file.url} ${file.width}w`).join(", ");
}

/** The picture in the width that fits, with a blur of it until it is there. Animations stand still on wish. */
export function Picture({ exhibit, sizes }: { exhibit: Exhibit; sizes: string }) {
  const { media, alt } = exhibit;
  const { whole, smaller, moving } = media;
  const there = useSignal(false);
  return (
    <span class="picture">
      {!there.value && media.blurhash && <Blur hash={media.blurhash} />}
      <picture>
        {moving && (
          <source srcset={moving.url} type={moving.type} media="(prefers-reduced-motion: no-preference)" />
        )}
        {smaller.length > 0 && <source srcset={sources([...smaller, whole])} sizes={sizes} />}
        <img
          src={whole.url}
          alt={alt}
          width={whole.width ?? undefined}
          height={whole.height ?? undefined}
          loading="lazy"
          decoding="async"
          onLoad={() => {
            there.value = true;
          }}
        />
      </picture>
    </span>
  );
}

function Blur({ hash }: { hash: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    try {
      context.putImageData(new ImageData(new Uint8ClampedArray(decode(hash, BLUR, BLUR)), BLUR, BLUR), 0, 0);
    } catch {
      // A hash that is none: the space stays plain until the picture comes.
    }
  }, [hash]);
  return (
    <span aria-hidden="true">
      <canvas class="blur" ref={canvas} width={BLUR} height={BLUR} />
    </span>
  );
}

/** Another site's files are links: the page may play only what comes from its own site. */
function isHere(file: MediaFile): boolean {
  return new URL(file.url, location.href).origin === location.origin;
}

function Player({ exhibit: { media, alt } }: { exhibit: Exhibit }) {
  const label = alt || media.name;
  const here = isHere(media.whole);
  return (
    <figure class="player">
      {here && media.kind === "video" && (
        // biome-ignore lint/a11y/useMediaCaption: a member's film brings no captions; its description is shown below
        <video controls preload="metadata" src={media.whole.url} aria-label={label} />
      )}
      {here && media.kind === "audio" && (
        // biome-ignore lint/a11y/useMediaCaption: see above
        <audio controls preload="metadata" src={media.whole.url} aria-label={label} />
      )}
      {here && media.kind === "document" && <Paper media={media} />}
      <figcaption>
        {alt && <span dir="auto">{alt}</span>}
        <a class="small" href={media.whole.url} download={media.name}>
          <span>
            <bdi>{media.name}</bdi>
            {media.whole.size > 0 && ` · ${sizeText(media.whole.size)}`}
          </span>
        </a>
      </figcaption>
    </figure>
  );
}

function Paper({ media }: { media: ShownMedia }) {
  const open = useSignal(false);
  return (
    <>
      <Button
        icon="file-text"
        onPress={() => {
          open.value = true;
        }}
      >
        {t("media.open", { name: media.name })}
      </Button>
      {open.value && (
        <Dialog
          title={media.name}
          wide
          onClose={() => {
            open.value = false;
          }}
        >
          <PdfPages url={media.whole.url} />
        </Dialog>
      )}
    </>
  );
}

interface ViewerProps {
  pictures: readonly Exhibit[];
  at: number;
  onMove: (to: number) => void;
  onClose: () => void;
}

/** One picture as large as the window, with its neighbours an arrow away. */
function Viewer({ pictures, at, onMove, onClose }: ViewerProps) {
  const shown = pictures[at];
  if (!shown) return null;
  const count = pictures.length;
  const step = (by: number) => onMove((at + by + count) % count);
  return (
    <Dialog
      title={shown.media.name}
      wide
      onClose={onClose}
      onKey={(key) => {
        if (key === "ArrowRight") step(document.dir === "rtl" ? -1 : 1);
        if (key === "ArrowLeft") step(document.dir === "rtl" ? 1 : -1);
      }}
      footer={
        <OutButton href={shown.media.whole.url} icon="download" download={shown.media.name}>
          {t("media.download")}
        </OutButton>
      }
    >
      <div class="viewer">
        <Picture key={shown.media.uid} exhibit={shown} sizes="100vw" />
      </div>
      <div class="viewer-end">
        {count > 1 && (
          <Button kind="quiet" icon="chevron-left" mirrored iconOnly onPress={() => step(-1)}>
            {t("media.previous")}
          </Button>
        )}
        <p class="small" dir="auto">
          {shown.alt || <span class="muted">{t("media.noAlt")}</span>}
          {count > 1 && <span class="muted"> · {t("media.position", { number: at + 1, count })}</span>}
        </p>
        {count > 1 && (
          <Button kind="quiet" icon="chevron-right" mirrored iconOnly onPress={() => step(1)}>
            {t("media.next")}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

/** A small face of a medium: the picture itself, or the sign of its kind. */
export function Thumb({ media }: { media: ShownMedia | null }) {
  const kind = media?.kind ?? "document";
  if (media?.kind === "image") {
    const file = media.smaller[0] ?? media.whole;
    return <img class="thumb" src={file.url} alt="" width={64} height={64} loading="lazy" />;
  }
  const icons = { audio: "volume-2", video: "film", document: "file-text", image: "image" } as const;
  return (
    <span class="thumb">
      <Icon name={icons[kind]} />
    </span>
  );
}

/** Which part of a picture stands for somebody: dragged and zoomed with pointer, fingers, wheel or keys. */
import { useSignal } from "@preact/signals";
import { useId, useRef } from "preact/hooks";
import { type Crop, closest, middle, moved, type Size, zoomedTo, zoomOf } from "../../../state/cropping.ts";
import { rich, t } from "../../catalogue/catalogue.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { percentText } from "../../parts/size.ts";
import { Square } from "../../parts/square.tsx";

const STAGE = 320;
const STEP = 0.04;
const CLOSER = 1.1;

type Change = (crop: Crop, size: Size) => Crop;

const keys: Record<string, Change> = {
  ArrowLeft: (crop, size) => moved(crop, size, -STEP * crop.side, 0),
  ArrowRight: (crop, size) => moved(crop, size, STEP * crop.side, 0),
  ArrowUp: (crop, size) => moved(crop, size, 0, -STEP * crop.side),
  ArrowDown: (crop, size) => moved(crop, size, 0, STEP * crop.side),
  "+": (crop, size) => zoomedTo(crop, size, zoomOf(crop, size) * CLOSER),
  "-": (crop, size) => zoomedTo(crop, size, zoomOf(crop, size) / CLOSER),
};
keys["="] = keys["+"] as Change;

interface CropperProps {
  image: ImageBitmap;
  onUse: (crop: Crop) => void;
  onClose: () => void;
}

export function Cropper({ image, onUse, onClose }: CropperProps) {
  const crop = useSignal(middle(image));
  const change = (by: Change) => {
    crop.value = by(crop.value, image);
  };
  return (
    <Dialog
      title={t("crop.title")}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t("app.cancel")}</Button>
          <Button kind="primary" onPress={() => onUse(crop.value)}>
            {t("crop.use")}
          </Button>
        </>
      }
    >
      <div class="cropper">
        <Stage image={image} crop={crop.value} change={change} />
        <Previews image={image} crop={crop.value} />
      </div>
      <Zoom image={image} crop={crop.value} change={change} />
    </Dialog>
  );
}

interface PartProps {
  image: ImageBitmap;
  crop: Crop;
  change: (by: Change) => void;
}

/** The part itself. What is dragged stays under the finger. */
function Stage({ image, crop, change }: PartProps) {
  const hint = useId();
  const held = useRef(new Map<number, Point>());
  return (
    <div class="stack close">
      <div
        class="crop-stage"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the keys
        tabIndex={0}
        autofocus
        aria-label={t("crop.stage")}
        aria-describedby={hint}
        onKeyDown={(event) => {
          const by = keys[event.key];
          if (!by || event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          change(by);
        }}
        onWheel={(event) => {
          event.preventDefault();
          change((now, size) => zoomedTo(now, size, zoomOf(now, size) * Math.exp(-event.deltaY / 500)));
        }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          held.current.set(event.pointerId, pointOf(event));
        }}
        onPointerMove={(event) => {
          if (!held.current.has(event.pointerId)) return;
          const before = grip(held.current);
          held.current.set(event.pointerId, pointOf(event));
          const pixel = crop.side / event.currentTarget.clientWidth;
          change((now, size) => dragged(now, size, before, grip(held.current), pixel));
        }}
        onLostPointerCapture={(event) => {
          held.current.delete(event.pointerId);
        }}
      >
        <Square image={image} crop={crop} side={STAGE} />
      </div>
      <p class="small muted" id={hint}>
        {t("crop.hint")}
      </p>
      <p class="hidden-visually" role="status">
        {t("crop.place", {
          across: percentText(part(crop.x, image.width - crop.side)),
          down: percentText(part(crop.y, image.height - crop.side)),
        })}
      </p>
    </div>
  );
}

function Previews({ image, crop }: Omit<PartProps, "change">) {
  const kinds = { round: t("crop.round"), square: t("crop.square") };
  return (
    <div class="crop-previews">
      {Object.entries(kinds).map(([kind, words]) => (
        <figure key={kind}>
          <Square image={image} crop={crop} side={96} class={`crop-preview ${kind}`} />
          <figcaption class="small muted">{words}</figcaption>
        </figure>
      ))}
    </div>
  );
}

function Zoom({ image, crop, change }: PartProps) {
  const id = useId();
  const most = closest(image);
  const now = zoomOf(crop, image);
  return (
    <div class="field">
      <label for={id}>{rich("crop.zoom", { zoom: <bdi>{percentText(now)}</bdi> })}</label>
      <input
        id={id}
        type="range"
        min={1}
        max={most}
        step="any"
        value={now}
        disabled={most === 1}
        aria-valuetext={percentText(now)}
        onInput={(event) => {
          const zoom = event.currentTarget.valueAsNumber;
          change((before, size) => zoomedTo(before, size, zoom));
        }}
      />
    </div>
  );
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where the fingers are together, and how far apart; one alone is not apart from anything. */
interface Grip extends Point {
  readonly apart: number;
}

function pointOf(event: PointerEvent): Point {
  return { x: event.clientX, y: event.clientY };
}

function grip(points: ReadonlyMap<number, Point>): Grip {
  const [one = { x: 0, y: 0 }, other = one] = points.values();
  return {
    x: (one.x + other.x) / 2,
    y: (one.y + other.y) / 2,
    apart: Math.hypot(one.x - other.x, one.y - other.y),
  };
}

/** `pixel` is how much of the picture a pixel of the screen is. */
function dragged(crop: Crop, size: Size, before: Grip, after: Grip, pixel: number): Crop {
  const there = moved(crop, size, (before.x - after.x) * pixel, (before.y - after.y) * pixel);
  if (before.apart === 0 || after.apart === 0) return there;
  return zoomedTo(there, size, (zoomOf(there, size) * after.apart) / before.apart);
}

/** Of a way, which part is behind; the middle where there is no way. */
function part(gone: number, whole: number): number {
  return whole > 0 ? gone / whole : 0.5;
}

/** A square of a picture: drawn on the screen, and cut out as a file. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Crop } from "../../state/cropping.ts";

/** More than any place shows. */
const LARGEST = 1024;

function draw(canvas: HTMLCanvasElement, image: ImageBitmap, { x, y, side }: Crop, pixels: number): void {
  canvas.width = pixels;
  canvas.height = pixels;
  const pen = canvas.getContext("2d");
  if (pen === null) return;
  pen.imageSmoothingQuality = "high";
  pen.drawImage(image, x, y, side, side, 0, 0, pixels, pixels);
}

interface SquareProps {
  image: ImageBitmap;
  crop: Crop;
  /** In CSS pixels, at most. */
  side: number;
  class?: string;
}

export function Square({ image, crop, side, class: look }: SquareProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (canvas.current) draw(canvas.current, image, crop, Math.round(side * devicePixelRatio));
  }, [image, crop, side]);
  return <canvas ref={canvas} class={look} />;
}

/** The square as a file of its own, a photograph as JPEG and anything else as PNG; null where the browser cannot make one. */
export async function cut(file: File, image: ImageBitmap, crop: Crop): Promise<File | null> {
  const canvas = document.createElement("canvas");
  draw(canvas, image, crop, Math.min(Math.round(crop.side), LARGEST));
  const type = file.type === "image/jpeg" ? "image/jpeg" : "image/png";
  const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, type, 0.92));
  return made && new File([made], file.name, { type });
}

/** Which square of a picture is shown. Pure; lengths are the picture's own pixels, and the square never leaves the picture. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Crop {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

const CLOSEST = 8;
/** No closer than this many pixels: what is larger than it would be a blur. */
const SMALLEST = 96;

function largest({ width, height }: Size): number {
  return Math.min(width, height);
}

function between(least: number, value: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

function within({ x, y, side }: Crop, { width, height }: Size): Crop {
  return { x: between(0, x, width - side), y: between(0, y, height - side), side };
}

/** The largest square there is, from the middle. */
export function middle(size: Size): Crop {
  const side = largest(size);
  return { x: (size.width - side) / 2, y: (size.height - side) / 2, side };
}

export function moved(crop: Crop, size: Size, across: number, down: number): Crop {
  return within({ ...crop, x: crop.x + across, y: crop.y + down }, size);
}

/** How close one may look: 1 where the picture is too small to look closer. */
export function closest(size: Size): number {
  return between(1, largest(size) / SMALLEST, CLOSEST);
}

/** 1 for the largest square. */
export function zoomOf(crop: Crop, size: Size): number {
  return largest(size) / crop.side;
}

/** That close, with the same point in the middle as far as the picture goes. */
export function zoomedTo(crop: Crop, size: Size, zoom: number): Crop {
  const side = largest(size) / between(1, zoom, closest(size));
  const shift = (crop.side - side) / 2;
  return within({ x: crop.x + shift, y: crop.y + shift, side }, size);
}

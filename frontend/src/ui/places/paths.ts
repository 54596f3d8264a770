/** Where things of the app live. */

/** The page of somebody here or elsewhere, by address or URL. Addresses stay readable. */
export function personPath(address: string): string {
  return `/people/${encodeURIComponent(address).replace(/%40/g, "@").replace(/%3A/g, ":")}`;
}

/** What `personPath` was given; a mistyped escape stands for itself. */
export function personOf(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

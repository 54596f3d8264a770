/** Where things of the app live. */

/** The page of somebody here or elsewhere, by address or URL. */
export function personPath(address: string): string {
  return `/people/${encodeURIComponent(address)}`;
}

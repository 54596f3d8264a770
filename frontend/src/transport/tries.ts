/** After a loss the relay is dialled this often, this many milliseconds apart. */
export const ATTEMPTS = 5;
export const INTERVAL = 10_000;

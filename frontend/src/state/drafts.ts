/**
 * Half-written texts, kept in this browser across reloads, each under its own name and apart for each member.
 * A browser that refuses to store keeps them until the page is left.
 */
const PREFIX = "porchlight.draft";
const memory = new Map<string, string>();

function keyOf(owner: string, name: string): string {
  return `${PREFIX}.${owner}.${name}`;
}

export function readDraft(owner: string, name: string): string {
  const key = keyOf(owner, name);
  try {
    return localStorage.getItem(key) ?? memory.get(key) ?? "";
  } catch {
    return memory.get(key) ?? "";
  }
}

/** Keeps a draft; an empty one is forgotten. */
export function keepDraft(owner: string, name: string, text: string): void {
  const key = keyOf(owner, name);
  if (text) memory.set(key, text);
  else memory.delete(key);
  try {
    if (text) localStorage.setItem(key, text);
    else localStorage.removeItem(key);
  } catch {
    // storage is full or closed: memory has it
  }
}

/** Forgets all drafts of a member: logging out leaves no words behind. */
export function forgetDrafts(owner: string): void {
  const start = keyOf(owner, "");
  for (const key of [...memory.keys()]) if (key.startsWith(start)) memory.delete(key);
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(start)) localStorage.removeItem(key);
  } catch {
    // nothing was stored
  }
}

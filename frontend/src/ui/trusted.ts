/** The one Trusted Types policy of the app: scripts come from its own site, nothing else is let through. */

interface Policy {
  createScriptURL(url: string): string;
}

interface Factory {
  createPolicy(name: string, rules: Policy): { createScriptURL(url: string): unknown };
}

function ownOnly(url: string): string {
  const whole = new URL(url, location.href);
  if (whole.origin !== location.origin) throw new TypeError("a script of another site");
  return whole.href;
}

const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
const policy = factory?.createPolicy("app", { createScriptURL: ownOnly });

/** A worker from the app's own files. */
export function makeWorker(url: string): Worker {
  const trusted = policy ? policy.createScriptURL(url) : ownOnly(url);
  return new Worker(trusted as string, { type: "module" });
}

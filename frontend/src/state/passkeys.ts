/** Passkeys of this browser or a phone near it: WebAuthn between its JSON form and the browser's own. */
import { b64decode, b64encode } from "../protocol/encoding.ts";
import { LocalFault } from "./faults.ts";

interface Descriptor {
  type: "public-key";
  id: string;
}
type CreationJson = Omit<PublicKeyCredentialCreationOptions, "challenge" | "user" | "excludeCredentials"> & {
  challenge: string;
  user: { id: string; name: string; displayName: string };
  excludeCredentials?: Descriptor[];
};
type RequestJson = Omit<PublicKeyCredentialRequestOptions, "challenge" | "allowCredentials"> & {
  challenge: string;
  allowCredentials?: Descriptor[];
};

/** Whether passkeys can work here: not at a bare address, which can own none. */
export function passkeysWork(): boolean {
  const { hostname } = globalThis.location;
  const bare = hostname.startsWith("[") || /^[\d.]+$/.test(hostname);
  return typeof PublicKeyCredential === "function" && !bare;
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(b64decode(text, null));
}

function known(listed: Descriptor[] | undefined): PublicKeyCredentialDescriptor[] {
  return (listed ?? []).map(({ type, id }) => ({ type, id: bytes(id) }));
}

function text(buffer: ArrayBuffer | null): string | null {
  return buffer === null ? null : b64encode(new Uint8Array(buffer));
}

/** Makes a passkey; the answer as JSON. Throws `passkey_cancelled`. */
export async function makePasskey(options: unknown): Promise<Record<string, unknown>> {
  const { challenge, user, excludeCredentials, ...rest } = options as CreationJson;
  const publicKey = {
    ...rest,
    challenge: bytes(challenge),
    user: { ...user, id: bytes(user.id) },
    excludeCredentials: known(excludeCredentials),
  };
  const made = await asked(navigator.credentials.create({ publicKey }));
  const { clientDataJSON, attestationObject } = made.response as AuthenticatorAttestationResponse;
  return answer(made, {
    clientDataJSON: text(clientDataJSON),
    attestationObject: text(attestationObject),
  });
}

/** Lets a passkey sign; the answer as JSON. Throws `passkey_cancelled`. */
export async function showPasskey(options: unknown): Promise<Record<string, unknown>> {
  const { challenge, allowCredentials, ...rest } = options as RequestJson;
  const publicKey = { ...rest, challenge: bytes(challenge), allowCredentials: known(allowCredentials) };
  const shown = await asked(navigator.credentials.get({ publicKey }));
  const response = shown.response as AuthenticatorAssertionResponse;
  return answer(shown, {
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: text(response.userHandle),
  });
}

/** What the person and the browser decide; every no looks alike. */
async function asked(asking: Promise<Credential | null>): Promise<PublicKeyCredential> {
  const found = await asking.catch(() => null);
  if (found === null) throw new LocalFault("passkey_cancelled");
  return found as PublicKeyCredential;
}

function answer(found: PublicKeyCredential, parts: Record<string, string | null>): Record<string, unknown> {
  const response = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== null));
  const id = text(found.rawId);
  return { id, rawId: id, type: found.type, clientExtensionResults: {}, response };
}

/** Who is here now: the people of this site, those one talks to elsewhere, and visitors; on the site's word it looks anew. */
import { computed, effect } from "@preact/signals";
import { getCompany } from "../api/people.ts";
import type { Company } from "../api/types.ts";
import { changes, connection } from "./connection.ts";
import { conversations } from "./conversations.ts";
import { isHere } from "./presence.ts";
import { resource, type Shown } from "./resource.ts";
import { onLogout } from "./session.ts";
import type { Light } from "./views.ts";

const told = resource<Company>(getCompany);

/** Somebody of the list. `light` is null where it is not known; visitors have no address. */
export interface Somebody {
  readonly key: string;
  readonly kind: "member" | "contact" | "visitor";
  readonly name: string;
  readonly address: string | null;
  readonly picture: string | null;
  readonly light: Light | null;
  readonly own: boolean;
}

export interface Here {
  readonly people: readonly Somebody[];
  /** Visitors beyond those listed. */
  readonly further: number;
}

function isLit(one: Somebody): boolean {
  return one.light !== null && one.light !== "red";
}

/** Who is connected first, then by name; visitors after the others. */
function order(one: Somebody, other: Somebody): number {
  const lit = Number(isLit(other)) - Number(isLit(one));
  const visitor = Number(one.kind === "visitor") - Number(other.kind === "visitor");
  return lit || visitor || one.name.localeCompare(other.name) || one.key.localeCompare(other.key);
}

function gathered({ people, visitors, further }: Company): Here {
  const members = people.map(
    ({ address, name, picture, light, own }): Somebody => ({
      key: address,
      kind: "member",
      name,
      address,
      picture,
      light: own ? connection.value.light : light,
      own,
    }),
  );
  const known = new Set(members.map(({ key }) => key));
  const contacts = conversations.value
    .map((one): Somebody => {
      const { peer } = one;
      const { text } = peer.address;
      return {
        key: text,
        kind: "contact",
        name: peer.name,
        address: text,
        picture: null,
        light: isHere(one) ? "green" : null,
        own: false,
      };
    })
    .filter(({ key }) => !known.has(key) && known.add(key));
  const guests = visitors.map(({ handle, name }): Somebody => {
    const about = { kind: "visitor", light: "green", address: null, picture: null, own: false } as const;
    return { key: handle, name, ...about };
  });
  return { people: [...members, ...contacts, ...guests].sort(order), further };
}

export const company: Shown<Here> = {
  ...told,
  data: computed(() => (told.data.value ? gathered(told.data.value) : undefined)),
};

/** Pictures of those who live here, by address. */
export const facesHere = computed(
  () => new Map((told.data.value?.people ?? []).map(({ address, picture }) => [address, picture])),
);

/** Whether a name or address has these letters in it. */
export function matches({ name, address }: Somebody, typed: string): boolean {
  const wanted = typed.trim().toLocaleLowerCase();
  return [name, address ?? ""].some((text) => text.toLocaleLowerCase().includes(wanted));
}

/** Looks again on the site's word. Call the result to stop. */
export function watchCompany(): () => void {
  void told.load();
  return effect(() => {
    if (changes.value?.topic === "people") void told.load();
  });
}

onLogout(() => told.forget());

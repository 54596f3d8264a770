/** What a translation must have: the keys of the English part, and a plural where that has one. */
export type Plural = { readonly other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;
export type Text = string | Plural;
export type Translation<English> = {
  readonly [K in keyof English]: English[K] extends string ? string : Plural;
};

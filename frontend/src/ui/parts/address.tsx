/** An address or key: always written from left to right, whatever the language around it. */
export function AddressText({ text, class: name }: { text: string; class?: string }) {
  return (
    <bdi dir="ltr" class={name}>
      {text}
    </bdi>
  );
}

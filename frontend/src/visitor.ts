/** On public pages: nothing until all else is there, then the porch light. A browser that cannot light it shows the page without. */
function begin(): void {
  void import("./ui/visitor.tsx").then(({ lightUp }) => lightUp()).catch(() => undefined);
}

if (document.readyState === "complete") begin();
else addEventListener("load", begin, { once: true });

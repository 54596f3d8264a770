/**
 * The owner's theme in the app. The site names its stylesheet in the page, last of all; a choice made here changes it at once, and the old one goes
 * when the new one is there.
 */
export function wear(stylesheet: string): void {
  const old = document.querySelectorAll("link[data-theme]");
  const takeOff = () => {
    for (const one of old) one.remove();
  };
  if (stylesheet === "") {
    takeOff();
    return;
  }
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = stylesheet;
  link.dataset.theme = "";
  link.addEventListener("load", takeOff);
  document.head.append(link);
}

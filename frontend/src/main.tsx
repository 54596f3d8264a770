/** Starts the app. The styles come first, so that those of a place can refine those of all. */
import "./ui/tokens.css";
import "./ui/style/base.css";
import "./ui/style/controls.css";
import "./ui/style/pieces.css";
import "./ui/style/light.css";
import "./ui/style/shell.css";
import "./ui/style/porch.css";
import "./ui/style/people.css";
import { effect } from "@preact/signals";
import { render } from "preact";
import { keptLanguage, memberLanguage, speak } from "./state/language.ts";
import { begin } from "./state/session.ts";
import { App } from "./ui/app.tsx";
import { watchBrowser } from "./ui/browser.ts";
import { choose, isLanguage, language, setLanguage } from "./ui/catalogue/catalogue.ts";

/** What the member chose elsewhere is shown here too, once they are logged in. */
effect(() => {
  const tag = memberLanguage();
  if (isLanguage(tag)) void setLanguage(tag).catch(() => undefined);
});
effect(() => speak(language.value));

const root = document.getElementById("app");
if (root) {
  watchBrowser();
  void begin();
  void setLanguage(choose([keptLanguage(), ...navigator.languages]))
    .catch(() => undefined)
    .then(() => render(<App />, root));
}

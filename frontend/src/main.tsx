/** Starts the app. The styles come first, so that those of a place can refine those of all. */
import "./ui/tokens.css";
import "./ui/style/base.css";
import "./ui/style/controls.css";
import "./ui/style/pieces.css";
import "./ui/style/light.css";
import "./ui/style/shell.css";
import "./ui/style/porch.css";
import "./ui/style/people.css";
import { render } from "preact";
import { keptLanguage } from "./state/language.ts";
import { App } from "./ui/app.tsx";
import { watchBrowser } from "./ui/browser.ts";
import { choose, setLanguage } from "./ui/catalogue/catalogue.ts";

const root = document.getElementById("app");
if (root) {
  watchBrowser();
  void setLanguage(choose([keptLanguage(), ...navigator.languages]))
    .catch(() => undefined)
    .then(() => render(<App />, root));
}

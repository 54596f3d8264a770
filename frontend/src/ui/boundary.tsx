/** Catches a part of the screen that broke, names a stable code, and lets the rest go on. */
import { Component, type ComponentChildren } from "preact";
import { t } from "./catalogue/catalogue.ts";
import { Icon } from "./icon.tsx";
import { Button } from "./parts/button.tsx";

export class Boundary extends Component<{ children: ComponentChildren }, { broken: boolean }> {
  override state = { broken: false };

  static override getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override componentDidCatch(error: unknown): void {
    reportError(error);
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <div class="page">
        <div class="failure" role="alert">
          <h1>
            <Icon name="circle-alert" /> {t("app.broken")}
          </h1>
          <p>{t("app.brokenHint")}</p>
          <p class="small muted">{t("app.code", { code: "screen" })}</p>
          <Button kind="primary" icon="refresh-cw" onPress={() => window.location.reload()}>
            {t("app.reload")}
          </Button>
        </div>
      </div>
    );
  }
}

/** Where the sentence about what was just done appears, and is read out. */
import { hideNotice, notice } from "../../state/notices.ts";
import { t } from "../catalogue/catalogue.ts";
import { Icon } from "../icon.tsx";
import { Button } from "./button.tsx";

export function NoticeArea() {
  const shown = notice.value;
  return (
    <div class="notice" role="status" aria-live="polite">
      {shown && (
        <p key={shown.number}>
          <Icon name={shown.tone === "fine" ? "check" : "circle-alert"} />
          <span>{shown.text}</span>
          <Button kind="quiet" icon="x" iconOnly onPress={hideNotice}>
            {t("app.close")}
          </Button>
        </p>
      )}
    </div>
  );
}

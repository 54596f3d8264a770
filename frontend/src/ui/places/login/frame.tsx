/** The frame of the screens before anybody is in: the lamp above, one card below. */
import type { ComponentChildren } from "preact";
import { t } from "../../catalogue/catalogue.ts";
import { Icon } from "../../icon.tsx";
import { useHeading } from "../../page.tsx";
import { LanguageChoice } from "../../parts/language.tsx";
import { NoticeArea } from "../../parts/notice.tsx";
import "../../style/setup.css";

interface DoorProps {
  /** For the browser's title. */
  title: string;
  heading: string;
  lead: string;
  onSubmit: () => void;
  children?: ComponentChildren;
}

/** One form before the door. */
export function Door({ title, heading, lead, onSubmit, children }: DoorProps) {
  const head = useHeading(title);
  return (
    <main class="setup" id="content">
      <p class="brand">
        <Icon name="lamp" /> {t("app.name")}
      </p>
      <form
        class="setup-card card narrow"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <h1 ref={head} tabIndex={-1}>
          {heading}
        </h1>
        <p class="muted">{lead}</p>
        {children}
      </form>
      <LanguageChoice />
      <NoticeArea />
    </main>
  );
}

/** The light of the other one of a conversation. Nothing where it is not known: they may hide it. */
import { isHere } from "../../../state/presence.ts";
import type { ConversationView } from "../../../state/views.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Lamp } from "../../light.tsx";

export function HereMark({ conversation }: { conversation: ConversationView }) {
  if (!isHere(conversation)) return null;
  return (
    <span class="here-mark small">
      <Lamp state="green" />
      <span>{t("talk.here")}</span>
    </span>
  );
}

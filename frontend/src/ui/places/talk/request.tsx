/** Somebody asks for a conversation: accept, or decline without a sound. */
import { useLocation } from "wouter-preact";
import { accept, decline } from "../../../state/conversations.ts";
import { tell } from "../../../state/notices.ts";
import type { ConversationView } from "../../../state/views.ts";
import { t } from "../../catalogue/catalogue.ts";
import { AddressText } from "../../parts/address.tsx";
import { Avatar } from "../../parts/avatar.tsx";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { FormFault } from "../../parts/states.tsx";
import { Time } from "../../parts/time.tsx";

export function Request({ conversation }: { conversation: ConversationView }) {
  const { swarm, peer, description, time } = conversation;
  const [, navigate] = useLocation();
  const answering = useDeed();
  return (
    <div class="request">
      <Avatar name={peer.name} address={peer.address.text} size="big" />
      <h2>{t("talk.request.title", { name: peer.name })}</h2>
      <p class="muted">
        <AddressText text={peer.address.text} /> · <Time at={time} />
      </p>
      {description && (
        <blockquote class="reading" dir="auto">
          {description}
        </blockquote>
      )}
      <p>{t("talk.request.lead", { name: peer.name })}</p>
      <FormFault fault={answering.fault.value} />
      <div class="row">
        <Button
          kind="primary"
          icon="check"
          busy={answering.busy.value}
          onPress={() => answering.run(() => accept(swarm))}
        >
          {t("talk.request.accept")}
        </Button>
        <Button
          icon="x"
          busy={answering.busy.value}
          onPress={async () => {
            if (!(await answering.run(() => decline(swarm)))) return;
            tell(t("talk.declined"));
            navigate("/talk");
          }}
        >
          {t("talk.request.decline")}
        </Button>
      </div>
    </div>
  );
}

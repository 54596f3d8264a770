/** Blocking a person: asked before, undone in the same place. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { blockPerson, isBlocked, personBlocks, unblockPerson } from "../../../state/person-blocks.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Icon } from "../../icon.tsx";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Confirm } from "../../parts/dialog.tsx";
import { FormFault } from "../../parts/states.tsx";

interface Props {
  name: string;
  address: string;
  account: string | null;
}

export function BlockButton({ name, address, account }: Props) {
  const asking = useSignal(false);
  const doing = useDeed();
  useEffect(() => {
    void personBlocks.load();
  }, []);
  if (isBlocked(address).value) {
    return (
      <>
        <p>
          <Icon name="ban" /> {t("personBlock.blocked")}
        </p>
        <Button busy={doing.busy.value} onPress={() => doing.run(() => unblockPerson(address))}>
          {t("personBlock.unblock")}
        </Button>
        <FormFault fault={doing.fault.value} />
      </>
    );
  }
  return (
    <>
      <Button
        kind="quiet"
        icon="ban"
        onPress={() => {
          asking.value = true;
        }}
      >
        {t("personBlock.block")}
      </Button>
      <FormFault fault={doing.fault.value} />
      {asking.value && (
        <Confirm
          title={t("personBlock.title", { name })}
          hint={t("personBlock.hint")}
          deed={t("personBlock.now")}
          busy={doing.busy.value}
          onConfirm={async () => {
            await doing.run(() => blockPerson(address, account));
            asking.value = false;
          }}
          onClose={() => {
            asking.value = false;
          }}
        />
      )}
    </>
  );
}

/** Where the private history is kept: last seen, pairing, and what would be lost. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { changes } from "../../../state/connection.ts";
import { vaults } from "../../../state/house.ts";
import { identity } from "../../../state/identity.ts";
import type { VaultDevice } from "../../../state/shapes.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Icon } from "../../icon.tsx";
import { Lamp } from "../../light.tsx";
import { Button } from "../../parts/button.tsx";
import { Loaded } from "../../parts/states.tsx";
import { relative, Time } from "../../parts/time.tsx";
import { Pairing } from "../setup/pairing.tsx";

const SHORT_KEY = 6;

export function Vault() {
  useSignalEffect(() => {
    const topic = changes.value?.topic;
    if (topic === "vaults" || topic === "devices") void vaults.load();
  });
  return (
    <>
      <p class="muted">{t("vault.lead")}</p>
      <Loaded from={vaults} failed={t("vault.failed")} bones={1}>
        {(list) => (
          <>
            {list.length > 0 && (
              <ul class="bare people-list devices">
                {list.map((one) => (
                  <VaultLine key={one.device} one={one} />
                ))}
              </ul>
            )}
            <Loss list={list} />
            <PairMore first={list.length === 0} />
          </>
        )}
      </Loaded>
    </>
  );
}

function VaultLine({ one }: { one: VaultDevice }) {
  return (
    <li>
      <Icon name="vault" />
      <div>
        <p>
          <strong>{t("vault.name", { short: one.device.slice(0, SHORT_KEY) })}</strong>
        </p>
        <p class="row small">
          <Lamp state={one.online ? "green" : "red"} />
          {one.online ? t("vault.online") : <LastSeen at={one.last_seen} />}
        </p>
        <p class="small muted">
          {t("vault.pairedLabel")} <Time at={one.listed} />
        </p>
      </div>
    </li>
  );
}

function LastSeen({ at }: { at: number | null }) {
  if (at === null) return <span>{t("vault.never")}</span>;
  return (
    <span>
      {t("vault.seenLabel")} <Time at={at} />
    </span>
  );
}

function lossText(list: readonly VaultDevice[]): string {
  if (list.length === 0) return t("vault.lossNone");
  if (list.some((one) => one.online)) return t("vault.loss");
  const seen = Math.max(0, ...list.map((one) => one.last_seen ?? 0));
  return seen > 0 ? t("vault.lossAway", { when: relative(seen) }) : t("vault.lossNone");
}

function Loss({ list }: { list: readonly VaultDevice[] }) {
  return (
    <section class="card" aria-labelledby="vault-loss">
      <h2 id="vault-loss">{t("vault.lossTitle")}</h2>
      <p>{lossText(list)}</p>
    </section>
  );
}

function PairMore({ first }: { first: boolean }) {
  const open = useSignal(first);
  if (!identity.value.root) return <p class="muted">{t("vault.unlinked")}</p>;
  return (
    <section class="stack" aria-label={t("vault.pairOne")}>
      {open.value ? (
        <Pairing
          onDone={() => {
            open.value = false;
            void vaults.load();
          }}
        />
      ) : (
        <div>
          <Button
            icon="plus"
            onPress={() => {
              open.value = true;
            }}
          >
            {t("vault.pairAnother")}
          </Button>
        </div>
      )}
    </section>
  );
}

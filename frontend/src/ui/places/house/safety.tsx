/** The number to compare with somebody else. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { conversations } from "../../../state/conversations.ts";
import { t } from "../../catalogue/catalogue.ts";

export function Safety() {
  const id = useId();
  const chosen = useSignal<string | null>(null);
  const people = conversations.value;
  const one = people.find(({ swarm }) => swarm === chosen.value) ?? people[0];
  return (
    <section class="card" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t("devices.safety")}</h2>
      {one ? (
        <>
          <p>{t("devices.safetyHint")}</p>
          <div class="field">
            <label for={id}>{t("devices.safetyWith")}</label>
            <select
              id={id}
              class="input"
              value={one.swarm}
              onChange={(event) => {
                chosen.value = event.currentTarget.value;
              }}
            >
              {people.map(({ swarm, peer }) => (
                <option key={swarm} value={swarm}>
                  {peer.name} {peer.address.text}
                </option>
              ))}
            </select>
          </div>
          <SafetyNumber number={one.peer.safetyNumber} />
        </>
      ) : (
        <p class="muted">{t("devices.safetyNobody")}</p>
      )}
    </section>
  );
}

export function SafetyNumber({ number }: { number: string }) {
  return (
    <p class="safety">
      {number.split(" ").map((group, index) => (
        <span key={`${index}-${group}`}>{group} </span>
      ))}
    </p>
  );
}

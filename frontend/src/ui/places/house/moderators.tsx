/** Whom the owner has chosen to moderate. */
import { useEffect } from "preact/hooks";
import { type MemberRole, members, setModerator } from "../../../state/moderation.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { FormFault, Loaded } from "../../parts/states.tsx";

export function Moderators() {
  useEffect(() => {
    void members.load();
  }, []);
  return (
    <section class="card stack" aria-labelledby="moderators-title">
      <h2 id="moderators-title">{t("moderators.title")}</h2>
      <p class="muted">{t("moderators.lead")}</p>
      <Loaded from={members} failed={t("moderators.failed")}>
        {(found) => (
          <>
            {found.length < 2 && <p class="muted">{t("moderators.alone")}</p>}
            <ul class="bare lines present">
              {found.map((one) => (
                <Line key={one.username} one={one} />
              ))}
            </ul>
          </>
        )}
      </Loaded>
    </section>
  );
}

function Line({ one }: { one: MemberRole }) {
  const changing = useDeed();
  const moderates = one.role === "moderator";
  return (
    <li>
      <span>
        <strong>
          <bdi>{one.username}</bdi>
        </strong>{" "}
        <span class="muted">{t(`moderators.role.${one.role}`)}</span>
      </span>
      {one.role !== "owner" && (
        <Button
          kind="quiet"
          icon="shield"
          busy={changing.busy.value}
          onPress={() => changing.run(() => setModerator(one.username, !moderates))}
        >
          {t(moderates ? "moderators.release" : "moderators.appoint", { name: one.username })}
        </Button>
      )}
      <FormFault fault={changing.fault.value} />
    </li>
  );
}

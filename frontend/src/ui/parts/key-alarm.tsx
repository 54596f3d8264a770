/** Over every place while the site shows keys that the account never signed, or is not the site that it was. */
import { connection } from "../../state/connection.ts";
import { identity } from "../../state/identity.ts";
import { type Key, t } from "../catalogue/catalogue.ts";
import { Icon } from "../icon.tsx";
import { PlaceButton } from "./button.tsx";

const WORDS = {
  certificate_account: "alarm.account",
  certificate_device: "alarm.device",
  signature: "alarm.device",
  device_list_stale: "alarm.older",
  device_list_conflict: "alarm.conflict",
  device_list_withheld: "alarm.withheld",
  site_key: "alarm.site",
} as const satisfies Readonly<Record<string, Key>>;

function isAlarming(code: string | null): code is keyof typeof WORDS {
  return code !== null && Object.hasOwn(WORDS, code);
}

export function KeyAlarm() {
  const code = connection.value.fault === "site_key" ? "site_key" : identity.value.alarm;
  if (!isAlarming(code)) return null;
  return (
    <div class="bar alarm" role="alert">
      <Icon name="ban" />
      <p>
        <strong>{t(WORDS[code])}</strong> {t("alarm.so")}{" "}
        <span class="muted small">{t("app.code", { code })}</span>
      </p>
      <PlaceButton to="/house/keys">{t("house.keys")}</PlaceButton>
    </div>
  );
}

/** House, Security: what lets one in, and where one is in. */
import { hasFactor, security } from "../../../../state/security.ts";
import { t } from "../../../catalogue/catalogue.ts";
import { Icon } from "../../../icon.tsx";
import { Loaded } from "../../../parts/states.tsx";
import { NewCodes, RecoveryCodes } from "./codes.tsx";
import { Email } from "./email.tsx";
import { Passkeys } from "./passkeys.tsx";
import { Password } from "./password.tsx";
import { Sessions } from "./sessions.tsx";
import { Totp } from "./totp.tsx";
import "../../../style/security.css";

export function Security() {
  return (
    <>
      <p class="muted">{t("security.lead")}</p>
      <Password />
      <Loaded from={security} failed={t("security.failed")} bones={2}>
        {(found) => (
          <>
            <p class={hasFactor(found) ? "row factors fine" : "row factors"}>
              <Icon name={hasFactor(found) ? "shield-check" : "info"} />
              <span>{hasFactor(found) ? t("factors.on") : t("factors.off")}</span>
            </p>
            <Totp app={found.totp} />
            <Passkeys list={found.passkeys} />
            <Email address={found.email} />
            {found.recovery_codes && <RecoveryCodes codes={found.recovery_codes} />}
          </>
        )}
      </Loaded>
      <Sessions />
      <NewCodes />
    </>
  );
}

/** A second factor for the login: an app or a passkey now, or knowingly none. */
import { hasFactor, security } from "../../../state/security.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Icon } from "../../icon.tsx";
import { Button } from "../../parts/button.tsx";
import { Loaded } from "../../parts/states.tsx";
import { NewCodes } from "../house/security/codes.tsx";
import { Passkeys } from "../house/security/passkeys.tsx";
import { Totp } from "../house/security/totp.tsx";
import { StepTitle } from "./setup.tsx";
import "../../style/security.css";

export function FactorStep({ onDone }: { onDone: () => void }) {
  return (
    <>
      <StepTitle>{t("setup.factor.title")}</StepTitle>
      <p>{t("setup.factor.lead")}</p>
      <Loaded from={security} failed={t("security.failed")} bones={2}>
        {(found) => (
          <>
            <Totp app={found.totp} />
            <Passkeys list={found.passkeys} />
            {hasFactor(found) ? <Done onDone={onDone} /> : <Skip onDone={onDone} />}
          </>
        )}
      </Loaded>
      <NewCodes />
    </>
  );
}

function Done({ onDone }: { onDone: () => void }) {
  return (
    <>
      <div class="paired">
        <Icon name="shield-check" />
        <p class="lead">{t("setup.factor.done")}</p>
      </div>
      <Button kind="primary" class="wide" onPress={onDone}>
        {t("setup.factor.next")}
      </Button>
    </>
  );
}

function Skip({ onDone }: { onDone: () => void }) {
  return (
    <footer class="setup-end">
      <p class="small muted">{t("setup.factor.warn")}</p>
      <Button kind="quiet" onPress={onDone}>
        {t("setup.factor.skip")}
      </Button>
    </footer>
  );
}

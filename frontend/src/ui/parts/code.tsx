/** A short code to compare. */
import { formatNumber, t } from "../catalogue/catalogue.ts";

/** Six digits in two groups, large; read out digit by digit. */
export function Code({ code }: { code: string }) {
  return (
    <p
      class="code"
      role="img"
      aria-label={`${t("setup.vault.code")}: ${[...code].map((digit) => formatNumber(Number(digit))).join(" ")}`}
    >
      <span>{code.slice(0, 3)}</span> <span>{code.slice(3)}</span>
    </p>
  );
}

/**
 * Step two: the keys are made, the 24 words shown, and three of them asked back. Nothing is kept before they are
 * confirmed; leaving and coming back means other words, and the screen says so.
 */
import { useSignal } from "@preact/signals";
import { useCallback, useEffect, useMemo } from "preact/hooks";
import { addressText } from "../../../state/addresses.ts";
import { createAccount, enrol } from "../../../state/identity.ts";
import { me } from "../../../state/session.ts";
import { t } from "../../catalogue/catalogue.ts";
import { Button } from "../../parts/button.tsx";
import { useDeed } from "../../parts/deed.ts";
import { Field } from "../../parts/field.tsx";
import { Failure, FormFault, Skeleton } from "../../parts/states.tsx";
import { StepTitle } from "./setup.tsx";

const ASKED = 3;
const SHOWN_BEFORE = "porchlight.phrase-shown";

/** Whether words were shown in this tab before; remembers that they are shown now. */
function shownBefore(): boolean {
  try {
    const before = sessionStorage.getItem(SHOWN_BEFORE) !== null;
    sessionStorage.setItem(SHOWN_BEFORE, "yes");
    return before;
  } catch {
    return false;
  }
}

/** Distinct positions, one from each third of the phrase, so that all of the paper is looked at. */
export function pickPositions(length: number, random: () => number = Math.random): number[] {
  const part = Math.floor(length / ASKED);
  return Array.from({ length: ASKED }, (_, index) => index * part + Math.floor(random() * part));
}

export function PhraseStep() {
  const words = useSignal<readonly string[] | null>(null);
  const asking = useSignal(false);
  const again = useMemo(shownBefore, []);
  const making = useDeed();
  const make = useCallback(
    () =>
      making.run(async () => {
        words.value = await createAccount();
      }),
    [making, words],
  );
  useEffect(() => {
    void make();
  }, [make]);

  const fault = making.fault.value;
  return (
    <div class="stack">
      <StepTitle>{t("setup.phrase.title")}</StepTitle>
      {fault && <Failure title={t("setup.phrase.failed")} fault={fault} onRetry={make} />}
      {!fault && words.value === null && (
        <>
          <p role="status">{t("setup.phrase.making")}</p>
          <Skeleton bones={1} />
        </>
      )}
      {words.value && !asking.value && (
        <Words
          words={words.value}
          again={again}
          onNext={() => {
            asking.value = true;
          }}
        />
      )}
      {words.value && asking.value && (
        <Ask
          words={words.value}
          onLook={() => {
            asking.value = false;
          }}
        />
      )}
    </div>
  );
}

function Words({ words, again, onNext }: { words: readonly string[]; again: boolean; onNext: () => void }) {
  return (
    <>
      <p class="on-screen">{t("setup.phrase.lead")}</p>
      {again && <p class="bar on-screen">{t("setup.phrase.again")}</p>}
      <PrintHead />
      <ol class="bare words">
        {words.map((word, index) => (
          <li key={`${index + 1}-${word}`}>
            <span class="words-number">{index + 1}</span> <span class="words-word">{word}</span>
          </li>
        ))}
      </ol>
      <p class="on-screen">{t("setup.phrase.write")}</p>
      <p class="on-paper">{t("setup.phrase.printHint")}</p>
      <div class="row setup-deeds on-screen">
        <Button icon="printer" onPress={() => window.print()}>
          {t("setup.phrase.print")}
        </Button>
        <Button kind="primary" onPress={onNext}>
          {t("setup.phrase.next")}
        </Button>
      </div>
    </>
  );
}

/** Seen on paper only. */
function PrintHead() {
  const who = me.value;
  if (!who) return null;
  return (
    <div class="on-paper">
      <p>{t("setup.phrase.printTitle", { name: who.profile.name || who.username })}</p>
      <p>{t("setup.phrase.printAddress", { address: addressText(who.address) })}</p>
    </div>
  );
}

function Ask({ words, onLook }: { words: readonly string[]; onLook: () => void }) {
  const positions = useMemo(() => pickPositions(words.length), [words]);
  const typed = useSignal<readonly string[]>(positions.map(() => ""));
  const tried = useSignal(false);
  const enrolling = useDeed();
  const right = (index: number) => typed.value[index]?.trim().toLowerCase() === words[positions[index] ?? -1];

  async function go(): Promise<void> {
    tried.value = true;
    if (positions.every((_, index) => right(index))) await enrolling.run(enrol);
  }

  return (
    <form
      class="stack"
      noValidate
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        void go();
      }}
    >
      <h2 class="lead">{t("setup.phrase.ask")}</h2>
      <p>{t("setup.phrase.askLead")}</p>
      {positions.map((position, index) => (
        <Field
          key={position}
          label={t("setup.phrase.word", { number: position + 1 })}
          value={typed.value[index] ?? ""}
          problem={tried.value && !right(index) ? t("setup.phrase.wrong", { number: position + 1 }) : null}
          onText={(text) => {
            typed.value = typed.value.map((old, at) => (at === index ? text : old));
            tried.value = false;
          }}
          attributes={{ autoCapitalize: "none", autoComplete: "off", spellcheck: false, maxLength: 20 }}
        />
      ))}
      <FormFault fault={enrolling.fault.value} />
      <div class="row setup-deeds">
        <Button onPress={onLook}>{t("setup.phrase.look")}</Button>
        <Button kind="primary" submit busy={enrolling.busy.value}>
          {t("setup.phrase.confirm")}
        </Button>
      </div>
    </form>
  );
}

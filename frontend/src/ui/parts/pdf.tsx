/** The pages of a PDF, drawn by pdf.js in its own worker, one after another as they come into view. */
import { useSignal } from "@preact/signals";
import { GlobalWorkerOptions, getDocument, type PDFDocumentProxy } from "pdfjs-dist";
import workerUrl from "pdfjs-dist/build/pdf.worker.min.mjs?url";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../catalogue/catalogue.ts";
import { makeWorker } from "../trusted.ts";
import { Failure, Skeleton } from "./states.tsx";

const MOST_PAGES = 500;
const SHARPEST = 2;

function prepare(): void {
  GlobalWorkerOptions.workerPort ??= makeWorker(workerUrl);
}

export function PdfPages({ url }: { url: string }) {
  const book = useSignal<PDFDocumentProxy | null>(null);
  const failed = useSignal(false);
  useEffect(() => {
    prepare();
    const task = getDocument({ url, enableXfa: false });
    task.promise.then(
      (opened) => {
        book.value = opened;
      },
      () => {
        failed.value = true;
      },
    );
    return () => void task.destroy();
  }, [url, book, failed]);
  if (failed.value) return <Failure title={t("media.failedToShow")} fault={{ code: "media_damaged" }} />;
  if (!book.value) return <Skeleton bones={1} />;
  const count = Math.min(book.value.numPages, MOST_PAGES);
  return (
    <ol class="bare paper">
      {Array.from({ length: count }, (_, index) => (
        <li key={index}>
          <PdfPage book={book.value as PDFDocumentProxy} number={index + 1} count={count} />
        </li>
      ))}
    </ol>
  );
}

/** True from the first time the element is near the window. */
function useSeen(frame: { current: Element | null }): boolean {
  const seen = useSignal(false);
  useEffect(() => {
    if (!frame.current) return;
    const watcher = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) seen.value = true;
      },
      { rootMargin: "600px" },
    );
    watcher.observe(frame.current);
    return () => watcher.disconnect();
  }, [frame, seen]);
  return seen.value;
}

function PdfPage({ book, number, count }: { book: PDFDocumentProxy; number: number; count: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const seen = useSeen(canvas);
  useEffect(() => {
    if (!seen) return;
    let cancelled = false;
    void (async () => {
      const page = await book.getPage(number);
      const element = canvas.current;
      if (cancelled || !element) return;
      const scale =
        (element.clientWidth / page.getViewport({ scale: 1 }).width) * Math.min(devicePixelRatio, SHARPEST);
      const viewport = page.getViewport({ scale });
      element.width = viewport.width;
      element.height = viewport.height;
      await page.render({ canvas: element, viewport }).promise;
    })().catch(() => undefined);
    return () => {
      cancelled = true;
    };
  }, [seen, book, number]);
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={t("media.page", { number, count })}
      width={600}
      height={800}
    />
  );
}

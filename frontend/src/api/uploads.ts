/** Sending files by tus 1.0.0: in pieces, going on where it stopped, also after a reload of the page. */
import { CSRF_HEADER, csrfToken } from "./csrf.ts";
import { ApiError, fromAnswer } from "./errors.ts";

const PLACE = "/api/v1/media/uploads";
const PIECE = 4 * 1024 * 1024;
const PAUSES_MS = [0, 1000, 3000, 5000, 10000, 20000];

export interface Sending {
  /** Resolves to the medium's uid once the site holds all of it. */
  readonly done: Promise<string>;
  /** Stops and has the site forget what came. */
  stop(): void;
}

interface Refused {
  originalResponse?: { getStatus(): number; getBody(): string } | null;
}

function asRefusal(thrown: unknown): ApiError {
  const answer = (thrown as Refused).originalResponse;
  if (!answer) return new ApiError("offline");
  let body: unknown = null;
  try {
    body = JSON.parse(answer.getBody());
  } catch {
    body = null;
  }
  return fromAnswer(answer.getStatus(), body);
}

/** Sends a file; `told` hears how many bytes are there. Errors reject `done` with an `ApiError`. */
export function sendFile(file: File, told: (bytes: number) => void): Sending {
  let stop: () => void = () => undefined;
  let stopped = false;
  async function start(): Promise<string> {
    const { Upload } = await import("tus-js-client");
    const token = await csrfToken();
    return new Promise((resolve, reject) => {
      if (stopped) return reject(new ApiError("stopped"));
      const upload = new Upload(file, {
        endpoint: PLACE,
        chunkSize: PIECE,
        retryDelays: PAUSES_MS,
        metadata: { filename: file.name },
        headers: { [CSRF_HEADER]: token },
        removeFingerprintOnSuccess: true,
        onProgress: (sent) => told(sent),
        onError: (thrown) => reject(asRefusal(thrown)),
        onSuccess: () => resolve(upload.url?.split("/").pop() ?? ""),
        onShouldRetry: (thrown) => {
          const status = thrown.originalResponse?.getStatus() ?? 0;
          return status === 0 || status === 409 || status >= 500;
        },
      });
      stop = () => {
        void upload.abort(true).catch(() => undefined);
        reject(new ApiError("stopped"));
      };
      void upload.findPreviousUploads().then((earlier) => {
        const last = earlier[0];
        if (last) upload.resumeFromPreviousUpload(last);
        upload.start();
      });
    });
  }
  return {
    done: start(),
    stop() {
      stopped = true;
      stop();
    },
  };
}

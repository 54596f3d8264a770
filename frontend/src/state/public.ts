/** Keeps the public side fresh while somebody is logged in: on the site's word, and by a slow look now and then. */
import { computed, effect, type ReadonlySignal } from "@preact/signals";
import { refreshThreads, waiting } from "./comments.ts";
import { changes, connection } from "./connection.ts";
import { sent } from "./sent.ts";
import { lookForNew } from "./timeline.ts";

const LOOK_MS = 60_000;
const connected = computed(() => connection.value.light === "green");

function lookAtAll(): void {
  void lookForNew();
  void waiting.load();
}

/** Starts watching, slowly while `inFront` is true; call the result to stop. */
export function watchPublicSide(inFront: ReadonlySignal<boolean>): () => void {
  const timer = setInterval(() => {
    if (inFront.value) lookAtAll();
  }, LOOK_MS);
  const stopFront = effect(() => {
    if (inFront.value) lookAtAll();
  });
  const stopConnected = effect(() => {
    if (connected.value) lookAtAll(); // what the site said meanwhile was not heard
  });
  const stopChanges = effect(() => {
    const topic = changes.value?.topic;
    if (topic === "timeline") void lookForNew();
    if (topic !== "comments") return;
    void waiting.load();
    if (sent.data.value) void sent.load();
    refreshThreads();
  });
  return () => {
    clearInterval(timer);
    stopFront();
    stopConnected();
    stopChanges();
  };
}

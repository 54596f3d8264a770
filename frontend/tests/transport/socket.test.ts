import { expect, test } from "vitest";
import { browserDial } from "../../src/transport/socket.ts";

test("the browser's socket takes nothing before it is open nor while it closes", () => {
  const socket = browserDial("ws://127.0.0.1:9/");
  expect(socket.send("early")).toBe(false);
  socket.close();
  expect(socket.send("late")).toBe(false);
});

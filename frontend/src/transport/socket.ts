/** A websocket as `relay` sees it, and the browser's own. Texts only. */

export interface Socket {
  opened: () => void;
  received: (text: string) => void;
  /** Called once, whoever closed; `code` is the websocket close code. */
  closed: (code: number) => void;
  /** False when the connection is closing, though `closed` was not called yet. */
  send(text: string): boolean;
  close(): void;
}

export type Dial = (url: string) => Socket;

/** Runs something later; returns how to call that off. */
export type After = (milliseconds: number, run: () => void) => () => void;

export const browserAfter: After = (milliseconds, run) => {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
};

export const browserDial: Dial = (url) => {
  const websocket = new WebSocket(url);
  const socket: Socket = {
    opened: () => {},
    received: () => {},
    closed: () => {},
    send: (text) => {
      if (websocket.readyState !== WebSocket.OPEN) return false;
      websocket.send(text);
      return true;
    },
    close: () => websocket.close(1000),
  };
  websocket.onopen = () => socket.opened();
  websocket.onmessage = ({ data }) => socket.received(typeof data === "string" ? data : "");
  websocket.onclose = ({ code }) => socket.closed(code);
  return socket;
};

/** Two ends of a real websocket connection on this machine: Node's own client, and as little of a server as carries binary messages between two of them (RFC 6455). */

import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const CLOSE = 8;

function accepted(key: string): string {
  return createHash("sha1")
    .update(key + GUID)
    .digest("base64");
}

/** The first frame in these bytes, unmasked, and how long it was; null while it is not whole. */
function readFrame(bytes: Buffer): { opcode: number; payload: Buffer; size: number } | null {
  if (bytes.length < 2) return null;
  const short = bytes[1]! & 127;
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < head + 4) return null;
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  const size = head + 4 + length;
  if (bytes.length < size) return null;
  const mask = bytes.subarray(head, head + 4);
  const payload = Buffer.from(bytes.subarray(head + 4, size).map((byte, at) => byte ^ mask[at % 4]!));
  return { opcode: bytes[0]! & 15, payload, size };
}

function writeFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = 128 | opcode;
  head[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

/** Passes what one says to the other, no faster than that one reads. */
function forward(from: Duplex, to: Duplex): void {
  let left = Buffer.alloc(0);
  from.on("data", (chunk: Buffer) => {
    left = Buffer.concat([left, chunk]);
    for (let frame = readFrame(left); frame !== null; frame = readFrame(left)) {
      left = left.subarray(frame.size);
      if (frame.opcode === CLOSE) from.write(writeFrame(CLOSE, frame.payload));
      if (!to.write(writeFrame(frame.opcode, frame.payload))) {
        from.pause();
        to.once("drain", () => from.resume());
      }
      if (frame.opcode === CLOSE) {
        from.end();
        to.end();
      }
    }
  });
  from.on("error", () => to.destroy());
}

export async function websocketPair(): Promise<[WebSocket, WebSocket]> {
  const server = createServer();
  const sockets: Duplex[] = [];
  server.on("upgrade", (request, socket) => {
    const key = accepted(request.headers["sec-websocket-key"] ?? "");
    const lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
    socket.write([...lines, `Sec-WebSocket-Accept: ${key}`, "", ""].join("\r\n"));
    sockets.push(socket);
    if (sockets.length === 2) {
      forward(sockets[0]!, sockets[1]!);
      forward(sockets[1]!, sockets[0]!);
      server.close();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const dial = () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`);
    return new Promise<WebSocket>((resolve, reject) => {
      socket.onopen = () => resolve(socket);
      socket.onerror = () => reject(new Error("not connected"));
    });
  };
  return [await dial(), await dial()];
}

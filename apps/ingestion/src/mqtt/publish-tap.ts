import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** A PUBLISH of MQTT 5 as it came from the broker. */
export interface ReceivedPublish {
  readonly topic: string;
  readonly payload: Buffer;
  readonly isRetained: boolean;
  readonly isRedelivered: boolean;
  /** 0: sent without asking for an acknowledgement. */
  readonly messageId: number;
}

const publishType = 3;
/** The remaining length of a packet takes one to four bytes of seven bits each. */
const lengthBytesMax = 4;

/** Value and size of a variable byte integer; undefined where its end has not come yet. */
function variableInteger(
  bytes: Buffer,
  offset: number,
): { readonly value: number; readonly size: number } | undefined {
  let value = 0;
  for (let size = 1; size <= lengthBytesMax; size++) {
    const byte = bytes[offset + size - 1];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 128 ** (size - 1);
    if (byte < 0x80) return { value, size };
  }
  throw new Error('a packet has a length of more than four bytes');
}

/** Fields of a PUBLISH packet; `at` is where its topic begins, `end` where the packet ends. */
function publishOf(packet: Buffer, at: number, end: number, flags: number): ReceivedPublish {
  const topicEnd = at + 2 + packet.readUInt16BE(at);
  const isRepeatable = (flags & 0b0110) !== 0;
  const propertiesAt = topicEnd + (isRepeatable ? 2 : 0);
  const properties = variableInteger(packet, propertiesAt);
  if (!properties || propertiesAt + properties.size + properties.value > end)
    throw new Error('a PUBLISH ends within its properties');
  return {
    topic: packet.toString('utf8', at + 2, topicEnd),
    payload: packet.subarray(propertiesAt + properties.size + properties.value, end),
    isRetained: (flags & 0b0001) !== 0,
    isRedelivered: (flags & 0b1000) !== 0,
    messageId: isRepeatable ? packet.readUInt16BE(topicEnd) : 0,
  };
}

/** Takes PUBLISH packets out of a stream of packets; the bytes of all others go on to `onRest`. */
export function createPublishSplitter(
  onPublish: (publish: ReceivedPublish) => void,
  onRest: (bytes: Buffer) => void,
): (data: Buffer) => void {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let needed = 0;
  return (data) => {
    pendingBytes += data.length;
    if (pendingBytes < needed) {
      pending.push(data);
      return;
    }
    const bytes = pending.length > 0 ? Buffer.concat([...pending, data]) : data;
    let offset = 0;
    needed = 0;
    while (bytes.length - offset >= 2) {
      const length = variableInteger(bytes, offset + 1);
      if (!length) break;
      const at = offset + 1 + length.size;
      const end = at + length.value;
      if (end > bytes.length) {
        needed = end - offset;
        break;
      }
      const head = bytes[offset] as number;
      if (head >> 4 === publishType) onPublish(publishOf(bytes, at, end, head & 0x0f));
      else onRest(bytes.subarray(offset, end));
      offset = end;
    }
    pending = offset < bytes.length ? [bytes.subarray(offset)] : [];
    pendingBytes = bytes.length - offset;
  };
}

/** The connection as the MQTT library sees it: everything but the PUBLISH packets, which go to `onPublish`. */
export function tapPublishes(socket: Socket, onPublish: (publish: ReceivedPublish) => void): Duplex {
  const stream = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _, done) => void socket.write(chunk, done),
    final: (done) => {
      // The broker may have ended it before us.
      socket.end();
      done();
    },
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  const split = createPublishSplitter(onPublish, (bytes) => void stream.push(bytes));
  socket.on('data', (data) => {
    try {
      split(data);
    } catch (error) {
      // Not MQTT any more: the connection ends, and the next one begins with everything that is not acknowledged.
      stream.destroy(error as Error);
    }
  });
  socket.on('error', (error) => stream.destroy(error));
  socket.on('close', () => stream.destroy());
  return stream;
}

/** PUBACK of success, in its short form, for each of these, as one piece. */
export function pubacksOf(messageIds: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(4 * messageIds.length);
  let offset = 0;
  for (const messageId of messageIds) {
    bytes[offset] = 0x40;
    bytes[offset + 1] = 2;
    bytes.writeUInt16BE(messageId, offset + 2);
    offset += 4;
  }
  return bytes;
}

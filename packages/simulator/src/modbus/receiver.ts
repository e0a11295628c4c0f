import { decodeAscii, decodeRtu, type Message, rtuRequestLength } from '@wattproof/devices';

/** A request as it was found in a stream of bytes. */
export interface Received {
  readonly message: Message;
  /** Length of its frame. */
  readonly bytes: number;
  /** When its first byte came (`performance.now`). */
  readonly first_ms: number;
}

/** A request that stops in the middle for this long is given up, as a real slave does after 1.5 characters. */
const giveUp_ms = 30;
const longestAsciiFrame_bytes = 513;

/** Finds requests in a stream of bytes by their length; what is no request is dropped at the next silence. */
export function rtuReceiver(deliver: (received: Received) => void): (chunk: Buffer) => void {
  let input: Buffer = Buffer.alloc(0);
  let first_ms = 0;
  let silence: NodeJS.Timeout | undefined;
  return (chunk) => {
    clearTimeout(silence);
    if (input.length === 0) first_ms = performance.now();
    input = Buffer.concat([input, chunk]);
    for (;;) {
      const length = rtuRequestLength(input);
      if (!length || input.length < length) break;
      const message = decodeRtu(input.subarray(0, length));
      if (!message) break;
      input = input.subarray(length);
      deliver({ message, bytes: length, first_ms });
    }
    silence = setTimeout(() => {
      // A function code whose length is not known ends here.
      const message = rtuRequestLength(input) === 0 ? decodeRtu(input) : undefined;
      const bytes = input.length;
      input = Buffer.alloc(0);
      if (message) deliver({ message, bytes, first_ms });
    }, giveUp_ms);
  };
}

export function asciiReceiver(deliver: (received: Received) => void): (chunk: Buffer) => void {
  let input = '';
  let first_ms = 0;
  return (chunk) => {
    if (input.length === 0) first_ms = performance.now();
    input += chunk.toString('latin1');
    for (;;) {
      const start = input.lastIndexOf(':', input.indexOf('\n') < 0 ? input.length : input.indexOf('\n'));
      const end = input.indexOf('\n');
      if (end < 0) break;
      const frame = input.slice(start, end + 1);
      const message = start >= 0 ? decodeAscii(frame) : undefined;
      input = input.slice(end + 1);
      if (message) deliver({ message, bytes: frame.length, first_ms });
    }
    if (input.length > longestAsciiFrame_bytes) input = '';
  };
}

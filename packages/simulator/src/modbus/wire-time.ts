import { type CharacterFormat, characterTimeOf_ms } from '@wattproof/devices';

/** Bytes that have arrived at the gateway's end by an instant (`performance.now`). */
export interface Arrival {
  readonly at_ms: number;
  readonly bytes: Uint8Array;
}

/** A serial line on which every character takes its time, in both directions, one at a time. */
export interface Wire {
  /** When a request whose first byte was handed over at `first_ms` has reached the devices. */
  readonly requestEnd_ms: (first_ms: number, bytes: number) => number;
  /** Puts bytes on the wire, from `from_ms` on or when it is free. */
  readonly send: (bytes: Uint8Array, from_ms: number) => readonly Arrival[];
}

/** A UART hands over what it has received at the latest when its buffer holds this many characters. */
const buffered_characters = 16;

/** ASCII frames are already written in characters, so a character is a byte in both modes. */
export function createWire(format: CharacterFormat): Wire {
  const character_ms = characterTimeOf_ms(format);
  let free_ms = Number.NEGATIVE_INFINITY;
  return {
    requestEnd_ms: (first_ms, bytes) => {
      free_ms = Math.max(free_ms, first_ms) + bytes * character_ms;
      return free_ms;
    },
    send: (bytes, from_ms) => {
      const start_ms = Math.max(free_ms, from_ms);
      free_ms = start_ms + bytes.length * character_ms;
      const arrivals: Arrival[] = [];
      for (let at = 0; at < bytes.length; at += buffered_characters) {
        const part = bytes.subarray(at, at + buffered_characters);
        arrivals.push({ at_ms: start_ms + (at + part.length) * character_ms, bytes: part });
      }
      return arrivals;
    },
  };
}

/** Timers of Node round up to whole milliseconds: the rest is waited for by turns of the event loop. */
const timerError_ms = 1.5;

/** Does something at an instant of `performance.now` or up to a millisecond later, without using the processor meanwhile. */
export const doAbout = (at_ms: number, work: () => void): void => {
  setTimeout(work, Math.max(0, at_ms - performance.now()));
};

/** Does something at an instant of `performance.now`, to about 0.1 ms. */
export function doAt(at_ms: number, work: () => void): void {
  const left_ms = at_ms - performance.now();
  if (left_ms <= 0) work();
  else if (left_ms > timerError_ms) setTimeout(() => doAt(at_ms, work), Math.floor(left_ms - timerError_ms));
  else setImmediate(() => doAt(at_ms, work));
}

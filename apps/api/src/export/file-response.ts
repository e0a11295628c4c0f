import type { Response } from 'express';

/** A reader that takes nothing for this long has gone away without saying so. */
const patience_ms = 60_000;

/** The reader ended the connection: nothing went wrong here. */
export class ReaderGone extends Error {
  constructor() {
    super('The reader of an export went away');
  }
}

/** An answer that is written piece by piece, as fast as it is read. */
export interface FileResponse {
  readonly write: (piece: string | Uint8Array) => Promise<void>;
  readonly end: () => void;
  /** Runs once if the reader goes away; returns how to take that back. */
  readonly onGone: (callback: () => void) => () => void;
  readonly bytes: () => number;
}

export interface FileKind {
  readonly mediaType: string;
  readonly name: string;
}

export function startFile(response: Response, { mediaType, name }: FileKind): FileResponse {
  response.status(200).set({
    'content-type': mediaType,
    'content-disposition': `attachment; filename="${name}"`,
    // Proxies that gather would hold the file in memory.
    'x-accel-buffering': 'no',
  });
  let bytes = 0;
  return {
    write: async (piece) => {
      if (response.destroyed) throw new ReaderGone();
      bytes += typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length;
      if (!response.write(piece)) await drained(response);
    },
    end: () => void response.end(),
    onGone: (callback) => {
      const listener = (): void => {
        if (!response.writableFinished) callback();
      };
      response.once('close', listener);
      return () => response.off('close', listener);
    },
    bytes: () => bytes,
  };
}

function drained(response: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      response.off('drain', onDrain);
      response.off('close', onClose);
      finish();
    };
    const onDrain = (): void => settle(resolve);
    const onClose = (): void => settle(() => reject(new ReaderGone()));
    const timer = setTimeout(() => {
      response.destroy();
    }, patience_ms);
    response.once('drain', onDrain);
    response.once('close', onClose);
  });
}

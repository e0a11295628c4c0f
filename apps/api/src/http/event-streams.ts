import type { Response } from 'express';

const ping_ms = 15_000;
/** A reader that does not read: its connection is ended, so that memory stays bounded. */
const bufferLimit_bytes = 1_000_000;
const streamLimit = 2_000;

/** One open answer of server-sent events. */
export interface EventStream {
  send(event: string, data: unknown): void;
  /** Runs when the stream ends, for whatever reason. */
  onEnd(callback: () => void): void;
  end(): void;
}

/** Every open stream of the process; closed together at shutdown. */
export class EventStreams {
  private readonly open = new Set<EventStream>();

  get isFull(): boolean {
    return this.open.size >= streamLimit;
  }

  /** Turns the answer into a stream: unbuffered, not compressed, with a `ping` every 15 s. */
  start(response: Response): EventStream {
    response.status(200).set({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      // Proxies that buffer would hold events back.
      'x-accel-buffering': 'no',
      connection: 'keep-alive',
    });
    response.flushHeaders();
    response.socket?.setNoDelay(true);
    const callbacks: (() => void)[] = [];
    let ended = false;
    const finish = (): void => {
      if (ended) return;
      ended = true;
      clearInterval(timer);
      this.open.delete(stream);
      for (const callback of callbacks) callback();
    };
    const stream: EventStream = {
      send: (event, data) => {
        if (ended) return;
        response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
        if (response.writableLength > bufferLimit_bytes) response.destroy();
      },
      onEnd: (callback) => {
        if (ended) callback();
        else callbacks.push(callback);
      },
      end: () => {
        finish();
        response.end();
      },
    };
    const timer = setInterval(() => stream.send('ping', { at: new Date().toISOString() }), ping_ms);
    response.on('close', finish);
    response.on('error', finish);
    this.open.add(stream);
    response.write('retry: 2000\n\n');
    return stream;
  }

  closeAll(): void {
    for (const stream of [...this.open]) stream.end();
  }
}

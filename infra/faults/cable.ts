import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** What lies between a gateway and its broker: it can be pulled, and plugged in again. */
export interface Cable {
  /** The broker's address through this cable. */
  readonly url: string;
  readonly pull: () => void;
  readonly plug: () => void;
  readonly close: () => void;
}

export async function startCable(brokerUrl: string): Promise<Cable> {
  const broker = new URL(brokerUrl);
  const sockets = new Set<Socket>();
  let isPlugged = true;
  const server = createServer((near) => {
    if (!isPlugged) return near.destroy();
    const far = connect(Number(broker.port), broker.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      // The other side is told by the end of its own connection.
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        near.destroy();
        far.destroy();
        sockets.delete(socket);
      });
    }
    near.pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `mqtt://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    pull: () => {
      isPlugged = false;
      cut();
    },
    plug: () => {
      isPlugged = true;
    },
    close: () => {
      cut();
      server.close();
    },
  };
}

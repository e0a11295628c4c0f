/**
 * A process of its own that publishes prepared MQTT packets: it encodes everything first, says so, and on the
 * word writes bytes to sockets as fast as the broker takes them, within its receive window.
 */
import { connect, type Socket } from 'node:net';
import { upTopic } from '@wattproof/contracts/mqtt';
import { generate, parser } from 'mqtt-packet';
import { batchPayloads, gatewayIdOf, partitionOf, schemaOf, singlePayloads, type Work } from './work.ts';

export interface GeneratorOrder {
  readonly mqttUrl: string;
  readonly username: string;
  readonly password: string;
  readonly work: Work;
  readonly form: 'batch' | 'single';
  /** Identity of this run's sequences. */
  readonly boot: string;
}

const v5 = { protocolVersion: 5 } as const;

interface Publisher {
  readonly socket: Socket;
  readonly packets: readonly Buffer[];
  readonly window: number;
}

function packetsOf(order: GeneratorOrder, gateway: number): Buffer[] {
  const { work, form, boot } = order;
  const payloads = form === 'batch' ? batchPayloads(work, gateway, boot) : singlePayloads(work, gateway);
  const topic = upTopic(partitionOf(gateway), gatewayIdOf(gateway), 'readings');
  return payloads.map((payload, i) =>
    generate({ cmd: 'publish', topic, payload, qos: 1, dup: false, retain: false, messageId: idOf(i) }, v5),
  );
}
const idOf = (index: number): number => (index % 65_535) + 1;

/** Connects and announces the gateway's schema. */
function open(order: GeneratorOrder, gateway: number): Promise<Publisher> {
  const packets = packetsOf(order, gateway);
  const url = new URL(order.mqttUrl);
  const socket = connect(Number(url.port), url.hostname);
  socket.setNoDelay(true);
  return new Promise((resolve, reject) => {
    const incoming = parser(v5);
    let window = 65_535;
    const onData = (data: Buffer): void => void incoming.parse(data);
    incoming.on('packet', (packet) => {
      if (packet.cmd === 'connack') {
        if (packet.reasonCode)
          return reject(new Error(`the broker refused the connection: ${packet.reasonCode}`));
        window = packet.properties?.receiveMaximum ?? window;
        const topic = upTopic(partitionOf(gateway), gatewayIdOf(gateway), 'schema');
        const payload = schemaOf(order.work).encoded;
        socket.write(
          generate({ cmd: 'publish', topic, payload, qos: 1, dup: false, retain: true, messageId: 1 }, v5),
        );
      } else if (packet.cmd === 'puback') {
        socket.removeListener('data', onData);
        resolve({ socket, packets, window });
      }
    });
    socket.once('error', reject);
    socket.on('data', onData);
    const { username, password } = order;
    socket.write(
      generate(
        {
          cmd: 'connect',
          protocolId: 'MQTT',
          protocolVersion: 5,
          clientId: `generator-${gatewayIdOf(gateway)}`,
          clean: true,
          keepalive: 0,
          username,
          password: Buffer.from(password),
        },
        v5,
      ),
    );
  });
}

/** Writes all packets, at most `window` beyond the acknowledged ones; resolves when the broker has all. */
function publishAll({ socket, packets, window }: Publisher): Promise<void> {
  return new Promise((resolve, reject) => {
    let written = 0;
    let acknowledged = 0;
    let rest: Buffer = Buffer.alloc(0);
    const write = (): void => {
      const end = Math.min(packets.length, acknowledged + window);
      if (end - written < Math.min(window / 4, packets.length - written)) return;
      if (end > written) socket.write(Buffer.concat(packets.slice(written, end)));
      written = end;
    };
    socket.on('data', (data) => {
      const buffer = rest.length > 0 ? Buffer.concat([rest, data]) : data;
      let offset = 0;
      while (buffer.length - offset >= 4 && buffer.length - offset >= 2 + (buffer[offset + 1] ?? 0)) {
        const length = buffer[offset + 1] ?? 0;
        if (buffer[offset] !== 0x40)
          return reject(new Error(`unexpected packet 0x${buffer[offset]?.toString(16)}`));
        if (length > 2 && (buffer[offset + 4] ?? 0) >= 0x80)
          return reject(new Error(`the broker refused a message: ${buffer[offset + 4]}`));
        acknowledged++;
        offset += 2 + length;
      }
      rest = buffer.subarray(offset);
      if (acknowledged === packets.length) return resolve();
      write();
    });
    socket.once('error', reject);
    write();
  });
}

process.once('message', (order: GeneratorOrder) => {
  const run = async (): Promise<void> => {
    const publishers: Publisher[] = [];
    for (let gateway = 0; gateway < order.work.gateways; gateway++)
      publishers.push(await open(order, gateway));
    process.send?.({ state: 'ready' });
    await new Promise((resolve) => process.once('message', resolve));
    await Promise.all(publishers.map(publishAll));
    process.send?.({ state: 'done' });
    for (const { socket } of publishers) socket.end();
    process.disconnect();
  };
  run().catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});

/** Where an MQTT client connects to. */
export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  readonly isEncrypted: boolean;
}

const ports = { mqtt: 1883, mqtts: 8883 } as const;

/** Reads `mqtt://host:port`; browsers disagree on how `URL` treats schemes of their own. */
export function brokerAddress(url: string): BrokerAddress {
  const found = /^(mqtts?):\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/]+)(?::(\d+))?/.exec(url);
  if (!found) throw new Error(`Not an MQTT address: ${url}`);
  const [, scheme = 'mqtt', host = '', port] = found;
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: port ? Number(port) : ports[scheme as keyof typeof ports],
    isEncrypted: scheme === 'mqtts',
  };
}

/** One word of a POSIX shell, whatever it holds. */
export const shellWord = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

export interface PublishWish {
  readonly mqttUrl: string;
  readonly username: string;
  readonly password: string;
  readonly topic: string;
  readonly meterKey: string;
  readonly measurand: string;
}

/** A counter in the middle of its life; the second message needs a larger one to show a consumption. */
const exampleIndex = 123_456;

/** A `mosquitto_pub` line that delivers one reading of a gateway just enrolled. */
export function publishLine(wish: PublishWish): string {
  const { host, port, isEncrypted } = brokerAddress(wish.mqttUrl);
  const message = JSON.stringify({ meter: wish.meterKey, values: { [wish.measurand]: exampleIndex } });
  return [
    'mosquitto_pub -V 5',
    `-h ${shellWord(host)} -p ${port}`,
    ...(isEncrypted ? ['--tls-use-os-certs'] : []),
    `-u ${shellWord(wish.username)} -P ${shellWord(wish.password)}`,
    `-q 1 -t ${shellWord(wish.topic)}`,
    `-m ${shellWord(message)}`,
  ].join(' ');
}

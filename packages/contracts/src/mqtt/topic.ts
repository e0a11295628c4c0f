/** Topics of the wire contract: `wattproof/v1/{partition}/{gatewayId}/{direction}/{kind}`. */

export const upKinds = ['schema', 'readings', 'state', 'result'] as const;
export type UpKind = (typeof upKinds)[number];
export const downKinds = ['ack', 'request', 'config', 'command'] as const;
export type DownKind = (typeof downKinds)[number];

/** Gateway ids stand as one topic level and as the MQTT username. */
export const gatewayIdPattern = /^[a-z0-9][a-z0-9-]{2,62}$/;

export const upTopic = (partition: number, gatewayId: string, kind: UpKind): string =>
  `wattproof/v1/${partition}/${gatewayId}/up/${kind}`;
export const downTopic = (partition: number, gatewayId: string, kind: DownKind): string =>
  `wattproof/v1/${partition}/${gatewayId}/down/${kind}`;
/** What one ingestion session subscribes to. */
export const partitionFilter = (partition: number): string => `wattproof/v1/${partition}/+/up/#`;

export interface UpTopic {
  readonly partition: number;
  readonly gatewayId: string;
  readonly kind: UpKind;
}

/** The parts of an `up` topic, or undefined where the topic is not one. */
export function parseUpTopic(topic: string): UpTopic | undefined {
  const [root, version, partition, gatewayId, direction, kind, ...rest] = topic.split('/');
  if (root !== 'wattproof' || version !== 'v1' || direction !== 'up' || rest.length > 0) return undefined;
  if (!partition || !/^\d{1,5}$/.test(partition) || !gatewayId || !gatewayIdPattern.test(gatewayId))
    return undefined;
  const known = upKinds.find((k) => k === kind);
  return known && { partition: Number(partition), gatewayId, kind: known };
}

import { AppError } from '@wattproof/runtime';
import type { Broker, ControlCommand } from './broker.ts';

export interface GatewayPlace {
  readonly gatewayId: string;
  readonly partition: number;
}

const roleName = ({ gatewayId }: GatewayPlace): string => `gateway:${gatewayId}`;

/** Literal topics, no patterns: a gateway publishes its own up topics and receives its own down topics, nothing else. */
export function gatewayAcls({ gatewayId, partition }: GatewayPlace) {
  const base = `wattproof/v1/${partition}/${gatewayId}`;
  const allow = (acltype: string, topic: string) => ({ acltype, topic, priority: 0, allow: true });
  return [
    allow('publishClientSend', `${base}/up/#`),
    allow('publishClientReceive', `${base}/down/#`),
    allow('subscribePattern', `${base}/down/#`),
  ];
}

/** Makes the gateway's account and rights what they must be, whatever they were: may be repeated. */
export async function admitGateway(broker: Broker, place: GatewayPlace, password: string): Promise<void> {
  const rolename = roleName(place);
  const roles = [{ rolename, priority: 0 }];
  const username = place.gatewayId;
  await createOrModify(broker, 'Role', { rolename, acls: gatewayAcls(place) });
  await createOrModify(broker, 'Client', { username, password, roles });
  await must(broker, { command: 'enableClient', username });
}

/** Takes account and rights away; the broker ends the gateway's session with them. May be repeated. */
export async function dismissGateway(broker: Broker, place: GatewayPlace): Promise<void> {
  await must(broker, { command: 'deleteClient', username: place.gatewayId }, /not found/i);
  await must(broker, { command: 'deleteRole', rolename: roleName(place) }, /not found/i);
}

async function createOrModify(
  broker: Broker,
  what: 'Role' | 'Client',
  fields: Readonly<Record<string, unknown>>,
): Promise<void> {
  const refusal = await broker.control({ command: `create${what}`, ...fields });
  if (refusal === undefined) return;
  if (!/already exists/i.test(refusal)) throw refused(`create${what}`, refusal);
  await must(broker, { command: `modify${what}`, ...fields });
}

async function must(broker: Broker, command: ControlCommand, tolerated?: RegExp): Promise<void> {
  const refusal = await broker.control(command);
  if (refusal !== undefined && !tolerated?.test(refusal)) throw refused(command.command, refusal);
}

const refused = (command: string, refusal: string): AppError =>
  new AppError('dependencyUnavailable', `The broker refused ${command}: ${refusal}`);

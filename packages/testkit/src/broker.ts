import { randomBytes } from 'node:crypto';
import { type BrokerAccount, controlBroker } from '@wattproof/infra/broker-control';
import { testEnvironment } from './environment.ts';

export interface TestBroker {
  readonly mqttUrl: string;
  readonly admin: BrokerAccount;
  readonly ingestion: BrokerAccount;
}

/** The test run's Mosquitto with its two standing accounts. */
export function testMqtt(): TestBroker {
  const environment = testEnvironment();
  return {
    mqttUrl: environment.WATTPROOF_TEST_MQTT_URL,
    admin: {
      username: environment.WATTPROOF_TEST_MQTT_ADMIN_USERNAME,
      password: environment.WATTPROOF_TEST_MQTT_ADMIN_PASSWORD,
    },
    ingestion: {
      username: environment.WATTPROOF_TEST_MQTT_INGESTION_USERNAME,
      password: environment.WATTPROOF_TEST_MQTT_INGESTION_PASSWORD,
    },
  };
}

export interface TestGateway {
  readonly gatewayId: string;
  readonly partition: number;
  readonly mqttUrl: string;
  readonly username: string;
  readonly password: string;
  /** Takes the account away and ends its session. */
  readonly remove: () => Promise<void>;
}

export interface EnrolOptions {
  readonly gatewayId?: string;
  readonly partition?: number;
}

/** A gateway's broker account with the rights of production: its own topics up and down, nothing else. */
export async function enrolTestGateway({
  gatewayId,
  partition = 0,
}: EnrolOptions = {}): Promise<TestGateway> {
  const id = gatewayId ?? `gateway-${randomBytes(6).toString('hex')}`;
  const { mqttUrl, admin } = testMqtt();
  const password = randomBytes(24).toString('base64url');
  const rolename = `gateway:${id}`;
  const up = `wattproof/v1/${partition}/${id}/up/#`;
  const down = `wattproof/v1/${partition}/${id}/down/#`;
  await controlBroker(mqttUrl, admin, [
    {
      command: 'createRole',
      rolename,
      acls: [
        { acltype: 'publishClientSend', topic: up, priority: 0, allow: true },
        { acltype: 'publishClientReceive', topic: down, priority: 0, allow: true },
        { acltype: 'subscribePattern', topic: down, priority: 0, allow: true },
      ],
    },
    { command: 'createClient', username: id, password, roles: [{ rolename, priority: 0 }] },
  ]);
  const remove = async (): Promise<void> => {
    await controlBroker(mqttUrl, admin, [
      { command: 'deleteClient', username: id },
      { command: 'deleteRole', rolename },
    ]);
  };
  return { gatewayId: id, partition, mqttUrl, username: id, password, remove };
}

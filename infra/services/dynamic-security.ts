import { pbkdf2Sync, randomBytes } from 'node:crypto';

export interface BrokerAccount {
  readonly username: string;
  readonly password: string;
}

type AclType = 'publishClientSend' | 'publishClientReceive' | 'subscribePattern' | 'unsubscribePattern';

export interface BrokerAcl {
  readonly acltype: AclType;
  readonly topic: string;
  readonly priority: number;
  readonly allow: boolean;
}

export interface BrokerRole {
  readonly rolename: string;
  readonly acls: readonly BrokerAcl[];
}

export const adminUsername = 'wattproof-admin';
export const ingestionUsername = 'wattproof-ingestion';

/** What is not allowed is refused; a client may always end a subscription. */
export const defaultAccess = {
  publishClientSend: false,
  publishClientReceive: false,
  subscribe: false,
  unsubscribe: true,
} as const;

function allow(topic: string, types: readonly AclType[]): BrokerAcl[] {
  return types.map((acltype) => ({ acltype, topic, priority: 0, allow: true }));
}

const send: readonly AclType[] = ['publishClientSend'];
const receive: readonly AclType[] = ['publishClientReceive', 'subscribePattern'];

/** Enrols gateways and publishes to them. */
export const adminRole: BrokerRole = {
  rolename: 'wattproof-admin',
  acls: [
    ...allow('$CONTROL/#', [...send, ...receive]),
    ...allow('$SYS/#', receive),
    ...allow('wattproof/#', [...send, ...receive]),
  ],
};

/** Reads what every gateway sends up, answers down. */
export const ingestionRole: BrokerRole = {
  rolename: 'wattproof-ingestion',
  acls: [
    ...allow('wattproof/v1/+/+/up/#', receive),
    ...allow('wattproof/v1/+/+/down/#', send),
    // How much the broker holds and whether it dropped anything.
    ...allow('$SYS/broker/#', receive),
  ],
};

const iterations = 10_000;

/** A client as the plugin stores it: PBKDF2-SHA512 over a random salt, 64 bytes. */
function storedClient(account: BrokerAccount, rolename: string): object {
  const salt = randomBytes(12);
  return {
    username: account.username,
    textname: account.username,
    roles: [{ rolename, priority: 0 }],
    password: pbkdf2Sync(account.password, salt, iterations, 64, 'sha512').toString('base64'),
    salt: salt.toString('base64'),
    iterations,
  };
}

/** First content of the plugin's file: two accounts, everything else denied. */
export function initialDynamicSecurity(admin: BrokerAccount, ingestion: BrokerAccount): object {
  return {
    defaultACLAccess: defaultAccess,
    clients: [storedClient(admin, adminRole.rolename), storedClient(ingestion, ingestionRole.rolename)],
    groups: [],
    roles: [adminRole, ingestionRole],
  };
}

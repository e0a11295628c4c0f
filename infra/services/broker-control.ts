import mqtt from 'mqtt';
import { z } from 'zod';
import { type BrokerAccount, type BrokerRole, defaultAccess, ingestionRole } from './dynamic-security.ts';

export type { BrokerAccount, BrokerAcl, BrokerRole } from './dynamic-security.ts';

const requestTopic = '$CONTROL/dynamic-security/v1';
const responseTopic = '$CONTROL/dynamic-security/v1/response';
const answerLimit_s = 10;

export interface ControlCommand {
  readonly command: string;
  readonly [argument: string]: unknown;
}

interface ControlAnswer {
  readonly command: string;
  readonly error?: string;
  readonly data?: unknown;
  readonly correlationData?: string;
}

/**
 * Sends commands to the broker's dynamic security plugin and waits for its answers.
 * @throws Error naming the first command the broker refused.
 */
export async function controlBroker(
  url: string,
  admin: BrokerAccount,
  commands: readonly ControlCommand[],
): Promise<readonly ControlAnswer[]> {
  const client = await mqtt.connectAsync(url, { protocolVersion: 5, ...admin, reconnectPeriod: 0 });
  try {
    const tag = `${process.pid}-${Date.now()}-${Math.random()}`;
    const answers = new Promise<readonly ControlAnswer[]>((resolve, reject) => {
      const limit = setTimeout(
        () => reject(new Error('the broker did not answer in time')),
        answerLimit_s * 1000,
      );
      const collected: ControlAnswer[] = [];
      client.on('message', (_topic, payload) => {
        const { responses } = JSON.parse(payload.toString()) as { responses: ControlAnswer[] };
        collected.push(...responses.filter((answer) => answer.correlationData === tag));
        if (collected.length < commands.length) return;
        clearTimeout(limit);
        resolve(collected);
      });
      client.on('error', reject);
    });
    await client.subscribeAsync(responseTopic, { qos: 1 });
    const tagged = commands.map((command) => ({ ...command, correlationData: tag }));
    await client.publishAsync(requestTopic, JSON.stringify({ commands: tagged }), { qos: 1 });
    const received = await answers;
    const refused = received.find((answer) => answer.error);
    if (refused) throw new Error(`the broker refused ${refused.command}: ${refused.error}`);
    return received;
  } finally {
    await client.endAsync();
  }
}

function isAlreadyThere(error: unknown): boolean {
  return error instanceof Error && /already exists/.test(error.message);
}

async function createOrIgnore(url: string, admin: BrokerAccount, command: ControlCommand): Promise<void> {
  try {
    await controlBroker(url, admin, [command]);
  } catch (error) {
    if (!isAlreadyThere(error)) throw error;
  }
}

/** Gives a broker that was provided from outside what ours begins with: deny by default, the ingestion account. */
export async function ensureIngestionAccount(
  url: string,
  admin: BrokerAccount,
  ingestion: BrokerAccount,
): Promise<void> {
  const acls = Object.entries(defaultAccess).map(([acltype, allow]) => ({ acltype, allow }));
  await controlBroker(url, admin, [{ command: 'setDefaultACLAccess', acls }]);
  await ensureRole(url, admin, ingestionRole);
  await createOrIgnore(url, admin, { command: 'createClient', ...ingestion });
  await controlBroker(url, admin, [
    {
      command: 'modifyClient',
      username: ingestion.username,
      password: ingestion.password,
      roles: [{ rolename: ingestionRole.rolename, priority: 0 }],
    },
  ]);
}

/** Which of these accounts the broker does not know yet. */
export async function missingAccounts(
  url: string,
  admin: BrokerAccount,
  usernames: readonly string[],
): Promise<readonly string[]> {
  const [answer] = await controlBroker(url, admin, [{ command: 'listClients' }]);
  const known = new Set(z.object({ clients: z.array(z.string()) }).parse(answer?.data).clients);
  return usernames.filter((username) => !known.has(username));
}

async function ensureRole(url: string, admin: BrokerAccount, role: BrokerRole): Promise<void> {
  await createOrIgnore(url, admin, { command: 'createRole', rolename: role.rolename });
  await controlBroker(url, admin, [{ command: 'modifyRole', ...role }]);
}

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { keepAccounts, mendAccounts } from '../services/broker-accounts.ts';
import { adminUsername, ingestionUsername, initialDynamicSecurity } from '../services/dynamic-security.ts';
import { brokerConfiguration, pluginFile, probeBroker } from '../services/mosquitto.ts';
import { sandboxArguments } from '../services/sandbox.ts';
import { unusedPort } from '../unused-port.ts';
import { type FaultBench, type Scenario, waitUntil } from './scenario.ts';

const disk_bytes = 16_000_000;

/** The prefix has no core utilities; perl is there. It runs the broker and does to it and its disk what it is told. */
const keeper = `
$| = 1;
for my $name ('mosquitto.conf', 'dynamic-security.json') {
  open(my $in, '<', "/config/$name") or exit 1;
  open(my $out, '>', "/data/$name") or exit 1;
  print $out $_ while <$in>;
}
sub start { my $pid = fork(); return $pid if $pid; exec('mosquitto', '-c', '/data/mosquitto.conf'); }
my $pid = start();
while (my $order = <STDIN>) {
  chomp $order;
  if ($order eq 'fill') {
    open(my $file, '>', '/data/filler') or exit 1;
    my $block = "\\0" x 4096;
    1 while syswrite($file, $block);
  }
  unlink '/data/filler' if $order eq 'free';
  kill 'USR1', $pid if $order eq 'save';
  if ($order eq 'kill') { kill 'KILL', $pid; waitpid($pid, 0); }
  $pid = start() if $order eq 'start';
  print "done $order\\n";
}`;

type DiskOrder = 'fill' | 'free' | 'save' | 'kill' | 'start';

interface SmallBroker {
  readonly services: Parameters<FaultBench['elsewhere']>[0];
  /** Where ingestion sees the small disk. */
  readonly folder: string;
  readonly order: (order: DiskOrder) => Promise<void>;
  readonly log: () => string;
}

/** A broker as the product runs it, whose folder is a small file system in memory. */
async function startSmallBroker(bench: FaultBench): Promise<SmallBroker> {
  const { bubblewrap, prefix } = bench.programs;
  const port = await unusedPort();
  const admin = { username: adminUsername, password: 'admin' };
  const ingestion = { username: ingestionUsername, password: 'ingestion' };
  const config = join(bench.folder, 'small-broker');
  mkdirSync(config, { recursive: true });
  const settings = { listener: `${port} 127.0.0.1`, pluginFile: pluginFile(prefix), dataFolder: '/data' };
  writeFileSync(join(config, 'mosquitto.conf'), brokerConfiguration(settings));
  writeFileSync(
    join(config, 'dynamic-security.json'),
    JSON.stringify(initialDynamicSecurity(admin, ingestion)),
  );
  const binds = [{ from: config, to: '/config', writable: false }];
  const sandbox = sandboxArguments([], { prefix, binds, processNumbers: 'init' });
  const mounts = sandbox.slice(0, sandbox.lastIndexOf('--'));
  const child = spawn(
    bubblewrap,
    [...mounts, '--size', String(disk_bytes), '--tmpfs', '/data', '--', '/usr/bin/perl', '-e', keeper],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  bench.defer(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const mqttUrl = `mqtt://127.0.0.1:${port}`;
  const isThere = (): Promise<boolean> =>
    probeBroker(mqttUrl, admin).then(
      () => true,
      () => false, // Nothing listens there while it starts.
    );
  await waitUntil(isThere, 60, `that the small broker starts (${log})`);
  return {
    services: { mqttUrl, mqttAdmin: admin, mqttIngestion: ingestion },
    folder: `/proc/${firstChildOf(child.pid ?? 0)}/root/data`,
    log: () => log,
    order: async (order) => {
      const before = log.split(`done ${order}`).length;
      child.stdin.write(`${order}\n`);
      await waitUntil(
        () => log.split(`done ${order}`).length > before,
        60,
        `that the broker's disk obeys: ${order}`,
      );
      if (order === 'start') await waitUntil(isThere, 60, 'that the small broker starts again');
    },
  };
}

/** The process inside the sandbox: its root is the sandbox's. */
const firstChildOf = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);

/** Of a store smaller than its buffer the broker notices nothing: it leaves an empty file, and says no word. */
const isStoreEmpty = (folder: string): boolean =>
  statSync(join(folder, 'mosquitto.db'), { throwIfNoEntry: false })?.size === 0;

/** The disk of the broker runs full: it goes on from memory, and what it could not save when it dies comes again. */
export const fullBrokerDisk: Scenario = {
  id: 'R6b',
  fault: 'disk of the broker full',
  isDestructive: false,
  run: async (bench) => {
    const broker = await startSmallBroker(bench);
    const inner = bench.elsewhere(broker.services);
    const environment = { WATTPROOF_BROKER_FOLDER: broker.folder };
    const first = await inner.ingestion(environment);
    await first.reads(bench.partitions);
    const fed = await inner.feed({ gateways: 2, meters: 20, period_ms: 30 });
    await waitUntil(() => fed.every((g) => g.accepted() > 400), 60, 'some load');
    keepAccounts(broker.folder);
    // Something older to come back to.
    await broker.order('save');
    await broker.order('fill');
    await broker.order('save');
    await waitUntil(
      () => /No space left on device/.test(broker.log()) || isStoreEmpty(broker.folder),
      60,
      'that the broker cannot save',
    );
    const problem = async () => (await first.health()).body.problems.find((p) => p.code === 'brokerDiskLow');
    await waitUntil(async () => (await problem()) !== undefined, 60, 'that ingestion says so');
    const said = (await problem())?.message ?? '';
    // An account that is made now cannot be saved; it must not cost the others theirs.
    const late = await inner.feed({ gateways: 1, meters: 20, period_ms: 30 });
    await waitUntil(() => late.every((g) => g.accepted() > 200), 60, 'load of another gateway');
    // Nobody reads: what the broker takes now is in its memory only.
    await first.stop();
    await delay(bench.isShort ? 500 : 3_000);
    await broker.order('kill');
    const isMended = mendAccounts(broker.folder);
    await broker.order('start');
    const second = await inner.ingestion(environment);
    await second.reads(bench.partitions);
    await broker.order('free');
    if (isMended) await inner.enrolAgain(late);
    return inner.settle(
      [...fed, ...late],
      `full, then killed with what it had taken in memory only${isMended ? ' and its accounts cut off' : ''}; ingestion said: ${said}`,
    );
  },
};

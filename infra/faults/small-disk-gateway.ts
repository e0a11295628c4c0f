/**
 * A fed gateway whose outbox is on a small disk. The process that keeps the disk starts it, fills the disk, kills the gateway
 * and starts it again, as it is told over the channel to its parent, and passes on what the gateway says of itself.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type EnrolledGateway, type FeedOptions, startFedGateway } from './gateway.ts';

export interface SmallDiskOrder {
  readonly gateway: EnrolledGateway;
  readonly options: FeedOptions;
}
export type DiskCommand =
  | { readonly kind: 'start'; readonly order: SmallDiskOrder }
  | { readonly kind: 'stopFeeding' | 'fill' | 'free' | 'kill' };
/** What the gateway said last; `fed` is false once it is fed no more. */
export interface GatewayReport {
  readonly accepted: number;
  readonly outstanding: number;
  readonly held: number | null;
  readonly fed: boolean;
}

const report_ms = 50;
const block = Buffer.alloc(4096);

function keep(): void {
  let gateway: ChildProcess | undefined;
  let filler = '';
  process.on('message', (command: DiskCommand) => {
    if (command.kind === 'start') {
      filler = join(command.order.options.folder, 'filler');
      const started = fork(import.meta.filename, ['gateway']);
      gateway = started;
      // One that was killed may have said something that comes late.
      started.on('message', (report) => {
        if (started === gateway) process.send?.(report);
      });
      started.send(command);
    } else if (command.kind === 'fill') fill(filler);
    else if (command.kind === 'free') rmSync(filler, { force: true });
    else if (command.kind === 'kill') gateway?.kill('SIGKILL');
    else gateway?.send(command);
  });
  process.on('disconnect', () => process.exit());
}

/** Writes until nothing more fits, to the last block. */
function fill(file: string): void {
  const opened = openSync(file, 'a');
  try {
    for (;;) writeSync(opened, block);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(opened);
  }
}

function run({ gateway, options }: SmallDiskOrder): void {
  const fedGateway = startFedGateway(gateway, options);
  let fed = true;
  setInterval(() => {
    process.send?.({
      accepted: fedGateway.accepted(),
      outstanding: fedGateway.outstanding(),
      held: fedGateway.held(),
      fed,
    } satisfies GatewayReport);
  }, report_ms);
  process.on('message', (command: DiskCommand) => {
    if (command.kind === 'stopFeeding')
      void fedGateway.stopFeeding().then(() => {
        fed = false;
      });
  });
  process.on('disconnect', () => process.exit());
}

if (process.argv[2] === 'gateway')
  process.once('message', (command: DiskCommand) => {
    if (command.kind === 'start') run(command.order);
  });
else keep();

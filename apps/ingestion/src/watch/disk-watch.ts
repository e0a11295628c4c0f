import { statfs } from 'node:fs/promises';
import { AppError, type Logger } from '@wattproof/runtime';
import type { Metrics } from '../metrics/metrics.ts';

export interface DiskSpace {
  readonly free_bytes: number;
  readonly total_bytes: number;
}
export interface DiskWatch {
  /** @throws AppError while the disk has no room: PostgreSQL that cannot write its log ends. */
  readonly guard: () => void;
  readonly warning: () => string | null;
  readonly close: () => void;
}

const look_ms = 5_000;
/** Below this share a person is told. */
const tellShare = 0.2;
/** Below this share nothing is stored, unless the disk is so large that it still is much. */
const stopShare = 0.05;
const stop_bytes = 2e9;

const shareOf = ({ free_bytes, total_bytes }: DiskSpace): number =>
  total_bytes > 0 ? free_bytes / total_bytes : 1;

export function roomOn(space: DiskSpace): 'enough' | 'little' | 'none' {
  const share = shareOf(space);
  if (share < stopShare && space.free_bytes < stop_bytes) return 'none';
  return share < tellShare ? 'little' : 'enough';
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
/** Whose disk is watched. */
export type DiskOwner = 'database' | 'broker';

const described = (space: DiskSpace, owner: DiskOwner): string =>
  `${megabytes(space.free_bytes)} of ${megabytes(space.total_bytes)} are free on the disk of the ${owner}`;

/** Watches the disk of a service on this machine; where its folder is not known, it never stops anything. */
export function watchDisk(
  owner: DiskOwner,
  folder: string | undefined,
  { metrics, logger }: { readonly metrics: Metrics; readonly logger: Logger },
): DiskWatch {
  let space: DiskSpace | undefined;
  const look = async (path: string): Promise<void> => {
    const { bavail, blocks, bsize } = await statfs(path);
    space = { free_bytes: bavail * bsize, total_bytes: blocks * bsize };
    metrics.diskFreeShare.set({ of: owner }, shareOf(space));
  };
  const run = (path: string): void => {
    look(path).catch((error: unknown) =>
      logger.warn({ err: error, path }, 'the disk could not be looked at'),
    );
  };
  let timer: NodeJS.Timeout | undefined;
  if (folder !== undefined) {
    run(folder);
    timer = setInterval(run, look_ms, folder);
  }
  return {
    guard: () => {
      if (space && roomOn(space) === 'none')
        throw new AppError('dependencyUnavailable', described(space, owner));
    },
    warning: () => (space && roomOn(space) !== 'enough' ? described(space, owner) : null),
    close: () => clearInterval(timer),
  };
}

import { existsSync } from 'node:fs';

const markers = ['/run/systemd/timesync/synchronized'];

/** Whether the operating system says that its clock is synchronised; null where it does not say. */
export const clockSynchronised = (): boolean | null =>
  markers.some((path) => existsSync(path)) ? true : null;

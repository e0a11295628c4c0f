import type { Meter } from '@wattproof/contracts/api';

const order = ['total', 'main', 'generation', 'feeder', 'use', 'variable', 'breaker'];

/** Meters as people look for them: the site's totals, mains, feeders, uses, then variables and breakers. */
export const inOrder = (meters: readonly Meter[]): Meter[] =>
  [...meters].sort(
    (a, b) =>
      order.indexOf(a.role) - order.indexOf(b.role) ||
      a.name.localeCompare(b.name, undefined, { numeric: true }),
  );

/** The meter that stands for a site's carrier: its calculated total, else its main. */
export const totalOf = (meters: readonly Meter[], carrier: string): Meter | undefined =>
  meters.find((m) => m.role === 'total' && m.carrier === carrier) ??
  meters.find((m) => m.role === 'main' && m.carrier === carrier) ??
  inOrder(meters).find((m) => m.carrier === carrier);

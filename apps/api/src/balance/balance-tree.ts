import type { BalanceNode, NodeBalance } from '@wattproof/contracts/api';
import type { IntervalRow, MeterRow } from '@wattproof/database/queries';
import {
  type AccuracyPart,
  type BalanceCourse,
  type BalancedMeter,
  balance,
  chain_percent,
  chainStandardUncertainty_percent,
  diagnoseBalance,
  type Finding,
  finding,
  findMeasurand,
} from '@wattproof/energy';
import { sharesOf, sumOfCounts } from '../figure/quality.ts';

/** What meters said over the period, by meter. */
export interface MeterFigures {
  /** Rows of one tier. */
  readonly step: 'hour' | 'day';
  readonly rows: ReadonlyMap<number, readonly IntervalRow[]>;
  /** What went back to the grid, the same way. */
  readonly exportedRows: ReadonlyMap<number, readonly IntervalRow[]>;
  /** Base intervals of the newest part of the period, on one grid. */
  readonly courses: ReadonlyMap<number, Float64Array>;
  readonly exportedCourses: ReadonlyMap<number, Float64Array>;
  readonly baseInterval_s: number;
}

/** Where a meter states no accuracy, a chain of these classes is taken; the answer says so. */
const assumedAccuracy: readonly AccuracyPart[] = [
  { part: 'meter', class: 1 },
  { part: 'CT', class: 1 },
];

/** Carriers whose energy is one and the same: what the sun makes feeds the same panel. */
export const carrierGroup = (carrier: string): string => (carrier === 'pv' ? 'electricity' : carrier);

const placed = new Set(['main', 'feeder', 'use', 'generation']);

/** Meters that a balance is made of: physical or read by people, counting, at a place in the tree. */
export const balancedMeters = (meters: readonly MeterRow[]): MeterRow[] =>
  meters.filter(
    (m) =>
      m.kind !== 'virtual' &&
      placed.has(m.role) &&
      m.measurand !== null &&
      findMeasurand(m.measurand)?.kind === 'counter',
  );

export interface CarrierTree {
  readonly carrier: string;
  readonly unit: string;
  readonly roots: BalanceNode[];
}

/** The trees of a site's meters, mains first, one for each carrier and unit. */
export function balanceTrees(meters: readonly MeterRow[], figures: MeterFigures): CarrierTree[] {
  const counting = balancedMeters(meters);
  const groups = Map.groupBy(counting, (m) => `${carrierGroup(m.carrier)} ${unitOf(m)}`);
  return [...groups.values()].map((group) => {
    const children = childrenOf(group);
    const roots = children.get(null) ?? [];
    const nodes = roots.map((meter) => nodeOf(meter, children, figures));
    return {
      carrier: carrierGroup(group[0]?.carrier ?? ''),
      unit: group[0] ? unitOf(group[0]) : '',
      roots: nodes.sort((a, b) => Number(b.role === 'main') - Number(a.role === 'main')),
    };
  });
}

const unitOf = (meter: MeterRow): string => findMeasurand(meter.measurand ?? '')?.unit ?? '';

/**
 * Meters by the one above them in the group. Generation that stands below no meter feeds the only main, where there is
 * only one. A chain of parents that comes back to itself is cut where it would.
 */
function childrenOf(group: readonly MeterRow[]): ReadonlyMap<number | null, MeterRow[]> {
  const byId = new Map(group.map((m) => [m.id, m]));
  const mains = group.filter((m) => m.role === 'main');
  const only = mains.length === 1 ? mains[0] : undefined;
  const parentOf = (meter: MeterRow): number | null => {
    if (meter.parentId !== null && byId.has(meter.parentId) && !isAbove(meter, meter.parentId, byId))
      return meter.parentId;
    return meter.role === 'generation' && only ? only.id : null;
  };
  return Map.groupBy(group, parentOf);
}

/** Whether a meter is found again on the way up from its own parent, and is the lowest of that circle. */
function isAbove(meter: MeterRow, parentId: number, byId: ReadonlyMap<number, MeterRow>): boolean {
  const passed = new Set<number>();
  for (
    let at: number | null = parentId;
    at !== null && !passed.has(at);
    at = byId.get(at)?.parentId ?? null
  ) {
    if (at === meter.id) return [...passed, meter.id].every((id) => id >= meter.id);
    passed.add(at);
  }
  return false;
}

function nodeOf(
  meter: MeterRow,
  children: ReadonlyMap<number | null, readonly MeterRow[]>,
  figures: MeterFigures,
): BalanceNode {
  const below = children.get(meter.id) ?? [];
  const rows = figures.rows.get(meter.id) ?? [];
  const exported = figures.exportedRows.get(meter.id);
  return {
    meterId: meter.id,
    name: meter.name,
    role: meter.role,
    energyUse: meter.energyUse as BalanceNode['energyUse'],
    energy: sumOf(rows),
    exported: exported ? sumOf(exported) : null,
    quality: sharesOf(sumOfCounts(rows)),
    accuracy: meter.accuracy.map((part) => ({ ...part })),
    chain_percent: meter.accuracy.length > 0 ? chain_percent(meter.accuracy) : null,
    balance: below.length > 0 ? balanceOf(meter, below, figures) : null,
    children: below.map((child) => nodeOf(child, children, figures)),
  };
}

const sumOf = (rows: readonly IntervalRow[]): number | null =>
  rows.reduce<number | null>((sum, row) => (row.delta === null ? sum : (sum ?? 0) + row.delta), null);

interface Flow {
  readonly meter: MeterRow;
  /** 1 into the balance, −1 out of it. */
  readonly sign: 1 | -1;
  readonly rows: readonly IntervalRow[];
  readonly course: Float64Array | undefined;
}

function balanceOf(meter: MeterRow, below: readonly MeterRow[], figures: MeterFigures): NodeBalance {
  const flow = (m: MeterRow, sign: 1 | -1, isExport = false): Flow => ({
    meter: m,
    sign,
    rows: (isExport ? figures.exportedRows : figures.rows).get(m.id) ?? [],
    course: (isExport ? figures.exportedCourses : figures.courses).get(m.id),
  });
  const inflow = [
    flow(meter, 1),
    ...(figures.exportedRows.has(meter.id) ? [flow(meter, -1, true)] : []),
    ...below.filter((m) => m.role === 'generation').map((m) => flow(m, 1)),
  ];
  const outflow = below.filter((m) => m.role !== 'generation').map((m) => flow(m, 1));
  const flows = [...inflow, ...outflow];
  const compared = completeSteps(flows);
  const of = new Set(flows.flatMap(({ rows }) => rows.map((row) => row.start_ms))).size;
  const within = ({ rows, sign }: Flow): number | null => {
    const sum = sumOf(rows.filter((row) => compared.has(row.start_ms)));
    return sum === null ? null : sign * sum;
  };
  const main = combined(meter.id, inflow, within);
  const subs = outflow.map((f) => ({ ...uncertaintyOf(f.meter), energy_wh: within(f) }));
  const closed = balance(main, subs);
  const { verdict, reason } = diagnoseBalance(closed, coursesOf(meter.id, inflow, outflow));
  return {
    inflow_wh: closed.main_wh,
    children_wh: closed.sub_wh,
    residual_wh: closed.unexplained_wh,
    residualShare: closed.unexplainedShare,
    tolerance_wh: closed.tolerance_wh,
    verdict,
    reason: plain(withLag(reason, figures.baseInterval_s)),
    findings: notes(flows, { step: figures.step, count: compared.size, of }).map(plain),
    compared: { step: figures.step, count: compared.size, of },
  };
}

/** Starts at which every meter has every interval: a sum with a hole in it is no sum to compare. */
function completeSteps(flows: readonly Flow[]): ReadonlySet<number> {
  const [first, ...rest] = flows.map(
    ({ rows }) =>
      new Set(rows.filter((row) => row.n_missing === 0 && row.delta !== null).map((row) => row.start_ms)),
  );
  return new Set([...(first ?? [])].filter((start) => rest.every((set) => set.has(start))));
}

function uncertaintyOf(meter: MeterRow): Omit<BalancedMeter, 'energy_wh'> {
  const parts = meter.accuracy.length > 0 ? meter.accuracy : assumedAccuracy;
  return { meterId: meter.id, standardUncertainty_percent: chainStandardUncertainty_percent(parts) };
}

/** Import − export + generation as one meter: the energies add up, their uncertainties as root sum of squares. */
function combined(
  meterId: number,
  flows: readonly Flow[],
  energyOf: (flow: Flow) => number | null,
): BalancedMeter {
  const energies = flows.map(energyOf);
  if (energies.some((e) => e === null)) return { meterId, energy_wh: null, standardUncertainty_percent: 0 };
  const energy_wh = energies.reduce<number>((sum, e) => sum + (e ?? 0), 0);
  const parts = flows.map(
    (flow, i) => ((energies[i] ?? 0) * uncertaintyOf(flow.meter).standardUncertainty_percent) / 100,
  );
  const u_wh = Math.hypot(...parts);
  return {
    meterId,
    energy_wh,
    standardUncertainty_percent: energy_wh === 0 ? 0 : (100 * u_wh) / Math.abs(energy_wh),
  };
}

function coursesOf(meterId: number, inflow: readonly Flow[], outflow: readonly Flow[]) {
  if ([...inflow, ...outflow].some(({ course }) => course === undefined)) return null;
  const length = inflow[0]?.course?.length ?? 0;
  const energy_wh = new Float64Array(length);
  for (const { course, sign } of inflow)
    for (let i = 0; i < length; i++)
      energy_wh[i] = (energy_wh[i] as number) + sign * (course?.[i] ?? Number.NaN);
  const subs = outflow.map(
    ({ meter, course }): BalanceCourse => ({ meterId: meter.id, energy_wh: course ?? [] }),
  );
  return { main: { meterId, energy_wh }, subs };
}

function withLag(reason: Finding, baseInterval_s: number): Finding {
  const { lagIntervals } = reason.data;
  if (typeof lagIntervals !== 'number') return reason;
  return { ...reason, data: { ...reason.data, lag_s: lagIntervals * baseInterval_s } };
}

function notes(flows: readonly Flow[], compared: NodeBalance['compared']): Finding[] {
  const assumed = [...new Set(flows.filter((f) => f.meter.accuracy.length === 0).map((f) => f.meter.id))];
  const holed = [
    ...new Set(
      flows
        .filter((f) => f.rows.length < compared.of || f.rows.some((row) => row.n_missing > 0))
        .map((f) => f.meter.id),
    ),
  ];
  return [
    ...(assumed.length > 0
      ? [
          finding(
            'accuracyAssumed',
            'Meters without a stated accuracy are taken as class 1 with transformers of class 1',
            {
              meterIds: assumed,
            },
          ),
        ]
      : []),
    ...(compared.count < compared.of
      ? [
          finding('partlyMissing', 'Only periods in which every meter is complete are compared', {
            ...compared,
            meterIds: holed,
          }),
        ]
      : []),
  ];
}

const plain = ({ code, message, data }: Finding) => ({ code, message, data: { ...data } });

import { z } from 'zod';
import { carrier, energyUse, finding, localDate, meterId, qualityShares, uuid } from './value.ts';

/** What a meter and those below it say together, worst first. */
export const balanceVerdicts = [
  /** A meter of the balance has nothing to say for the period. */ 'unknown',
  /** One conductor of a meter runs through its transformer the wrong way round. */ 'suspectedReversal',
  /** A meter books its energy too early or too late. */ 'clockDrift',
  /** The meters below see more than the one above, and no fault explains it. */ 'excess',
  /** More flows in than the meters below see. */ 'unmeteredLoad',
  /** What is lost between them: small, and it goes with the load. */ 'loss',
  'withinTolerance',
] as const;
export type BalanceVerdict = (typeof balanceVerdicts)[number];

const nodeBalance = z.object({
  /** What flows in: the meter's import − its export + generation below it. */
  inflow_wh: z.number().nullable(),
  children_wh: z.number().nullable(),
  /** inflow − children. */
  residual_wh: z.number().nullable(),
  /** Of the inflow; null where it is zero or unknown. */
  residualShare: z.number().nullable(),
  /** 2·√(Σ (uᵢEᵢ)²) over the accuracy of all meters involved. */
  tolerance_wh: z.number().nullable(),
  verdict: z.enum(balanceVerdicts),
  /** Why: `code` for the catalogue, `data` with meterId, share, lag_s, correlation … */
  reason: finding,
  /** Beside the verdict: `accuracyAssumed`, `partlyMissing` … */
  findings: z.array(finding),
  /** Only periods in which every meter of the balance is complete are compared: so many of so many hours or days. */
  compared: z.object({ step: z.enum(['hour', 'day']), count: z.int(), of: z.int() }),
});
export type NodeBalance = z.infer<typeof nodeBalance>;

const nodeMeter = z.object({
  meterId,
  name: z.string(),
  role: z.string(),
  energyUse: energyUse.nullable(),
  /** In the unit of the tree (`unit`). */
  energy: z.number().nullable(),
  /** Given back to the grid; only where the meter keeps it. */
  exported: z.number().nullable(),
  quality: qualityShares,
  accuracy: z.array(z.object({ part: z.string(), class: z.number() })),
  /** Relative limit of the chain in percent (IEC 61557-12); null where no accuracy is stated. */
  chain_percent: z.number().nullable(),
});

export interface BalanceNode extends z.infer<typeof nodeMeter> {
  /** null where no meter is below. */
  balance: NodeBalance | null;
  children: BalanceNode[];
}
export const balanceNode: z.ZodType<BalanceNode> = nodeMeter
  .extend({
    balance: nodeBalance.nullable(),
    get children() {
      return z.array(balanceNode);
    },
  })
  .meta({ id: 'BalanceNode' });

/**
 * GET /sites/{siteId}/balance?from&to (local dates, half-open, at most 400 days): mains and what is below them, one
 * tree for each carrier. Figures end in _wh for electricity and heat; for volumes they are in `unit`.
 */
export const siteBalance = z.object({
  from: localDate,
  to: localDate,
  carriers: z.array(z.object({ carrier, unit: z.string(), roots: z.array(balanceNode) })),
});
export type SiteBalance = z.infer<typeof siteBalance>;

/** How a feeder, a use or a zone is measured. */
const measuring = z.object({
  /** `own`: by a meter of its own; `within`: inside another meter's figure; `none`: by nothing but the main. */
  state: z.enum(['own', 'within', 'none']),
  meterIds: z.array(meterId),
  /** What those meters saw, Wh; null where nothing is known. */
  energy_wh: z.number().nullable(),
  /** Of the mains' energy. */
  share: z.number().nullable(),
});
export type Measuring = z.infer<typeof measuring>;

/** GET /sites/{siteId}/completeness?from&to : what is measured, by which meter, and what is not. Electricity. */
export const siteCompleteness = z.object({
  from: localDate,
  to: localDate,
  /** Mains’ import − export + own generation, Wh; null where nothing is known. */
  mains_wh: z.number().nullable(),
  /** Seen by a meter below the mains; each kWh once. */
  measured_wh: z.number().nullable(),
  measuredShare: z.number().nullable(),
  /** Feeders above this rated current are to be measured one by one. */
  feederLimit_a: z.number(),
  zones: z.array(
    measuring.extend({ zoneId: uuid, name: z.string(), circuits: z.int(), measuredCircuits: z.int() }),
  ),
  feeders: z.array(
    measuring.extend({
      circuitId: uuid,
      name: z.string(),
      panelName: z.string(),
      zoneId: uuid,
      zoneName: z.string(),
      ratedCurrent_a: z.number(),
      energyUse: energyUse.nullable(),
    }),
  ),
  uses: z.array(
    measuring.extend({
      use: energyUse,
      /** Circuits that say they feed this use. */
      circuits: z.int(),
      measuredCircuits: z.int(),
    }),
  ),
});
export type SiteCompleteness = z.infer<typeof siteCompleteness>;

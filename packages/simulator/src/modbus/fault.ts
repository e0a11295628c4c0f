/** What goes wrong with a reply, on whichever transport. */
export type FaultEffect =
  | { readonly kind: 'silent' }
  | { readonly kind: 'late'; readonly delay_ms: number }
  | { readonly kind: 'exception'; readonly code: number }
  /** A reply whose CRC or LRC is wrong (TCP has none: the reply is lost). */
  | { readonly kind: 'wrongCheck' }
  /** The same reply once more, `delay_ms` after the first. */
  | { readonly kind: 'repeated'; readonly delay_ms: number }
  /** In two pieces, `pause_ms` apart. */
  | { readonly kind: 'split'; readonly pause_ms: number }
  /** Byte by byte, `pause_ms` apart. */
  | { readonly kind: 'drip'; readonly pause_ms: number }
  /** Noise right before the reply. */
  | { readonly kind: 'garbageBefore'; readonly bytes: number }
  /** Two devices have the address: the second's reply, with other contents, follows at once. */
  | { readonly kind: 'twoReplies' }
  /** The reply says that it is from the next address. */
  | { readonly kind: 'wrongUnit' }
  /** A reply that is right in itself and has `words` more (or, negative, fewer) words than were asked for. */
  | { readonly kind: 'wrongLength'; readonly words: number }
  /** The cable is pulled: the connection ends without a reply. */
  | { readonly kind: 'unplug' };

/** When: between two instants, and there only in the first `duration_ms` of every `period_ms`. */
export interface FaultWindow {
  readonly from_ms?: number;
  readonly to_ms?: number;
  readonly period_ms?: number;
  readonly duration_ms?: number;
  /** Shifts the period. */
  readonly offset_ms?: number;
}

export interface FaultedRequest {
  readonly functionCode: number;
  readonly address: number;
  readonly count: number;
}

/** A fault of one device; without `when` it is always there. */
export type Fault = FaultEffect & {
  readonly when?: FaultWindow | ((at_ms: number, request: FaultedRequest) => boolean);
};

/** The fault that strikes a request, if any: the first one that is active. */
export const strikingFault = (
  faults: readonly Fault[],
  at_ms: number,
  request: FaultedRequest,
): Fault | undefined => faults.find((fault) => isActive(fault, at_ms, request));

function isActive({ when }: Fault, at_ms: number, request: FaultedRequest): boolean {
  if (when === undefined) return true;
  if (typeof when === 'function') return when(at_ms, request);
  if (at_ms < (when.from_ms ?? Number.NEGATIVE_INFINITY)) return false;
  if (at_ms >= (when.to_ms ?? Number.POSITIVE_INFINITY)) return false;
  if (when.period_ms === undefined || when.duration_ms === undefined) return true;
  const phase = (at_ms - (when.offset_ms ?? 0)) % when.period_ms;
  return (phase + when.period_ms) % when.period_ms < when.duration_ms;
}

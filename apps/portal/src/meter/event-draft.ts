import type { CreateMeterEvent, MeterEvent } from '@wattproof/contracts/api';
import { localInstants, localText } from '../form/local-instant.ts';
import { indexText, parseIndex, parseNumber } from '../form/parse-number.ts';
import { counterUnitOf } from './counter-unit.ts';

export type EventKind = CreateMeterEvent['kind'];

/** An event as it is typed; texts until they are read. */
export interface EventDraft {
  readonly kind: EventKind;
  /** Local date and time of the site. */
  readonly at: string;
  /** Which of two equal wall times is meant, on the night that the clock goes back. */
  readonly isSecond: boolean;
  readonly counters: readonly {
    readonly measurand: string;
    readonly closing: string;
    readonly opening: string;
  }[];
  readonly serialNumber: string;
  readonly ratioBefore: string;
  readonly ratioAfter: string;
  readonly note: string;
  readonly confirms: string | null;
}

export type DraftField =
  | 'at'
  | 'serialNumber'
  | 'ratioBefore'
  | 'ratioAfter'
  | `closing.${string}`
  | `opening.${string}`;
export type DraftProblem = 'required' | 'index' | 'ratio' | 'skipped' | 'future' | 'noCounter';

export const emptyDraft = (measurands: readonly string[], timeZone: string, now_ms: number): EventDraft => ({
  kind: 'replacement',
  at: localText(timeZone, now_ms),
  isSecond: false,
  counters: measurands.map((measurand) => ({ measurand, closing: '', opening: '' })),
  serialNumber: '',
  ratioBefore: '',
  ratioAfter: '',
  note: '',
  confirms: null,
});

/** A draft that explains what the computation found. */
export function draftOfDetected(
  event: MeterEvent,
  measurands: readonly string[],
  timeZone: string,
): EventDraft {
  const at_ms = Date.parse(event.at);
  const text = localText(timeZone, at_ms);
  const instants = localInstants(timeZone, text);
  return {
    ...emptyDraft(measurands, timeZone, at_ms),
    kind: event.kind,
    isSecond: instants.length === 2 && at_ms >= (instants[1] as number),
    counters: measurands.map((measurand) => {
      const found = event.counters.find((c) => c.measurand === measurand);
      const { decimals } = counterUnitOf(measurand);
      return {
        measurand,
        closing: found?.closingIndex == null ? '' : indexText(found.closingIndex, decimals),
        opening: found ? indexText(found.openingIndex, decimals) : '',
      };
    }),
    confirms: event.id,
  };
}

/**
 * Reads a draft. A counter takes part where an index was typed for it; a closing index may stay unknown. Returns the
 * event, or what is wrong with which field.
 */
export function readDraft(
  draft: EventDraft,
  timeZone: string,
  now_ms: number,
):
  | { readonly ok: true; readonly event: CreateMeterEvent }
  | { readonly ok: false; readonly problems: Readonly<Partial<Record<DraftField, DraftProblem>>> } {
  const problems: Partial<Record<DraftField, DraftProblem>> = {};
  const instants = localInstants(timeZone, draft.at);
  const at = draft.isSecond ? instants[1] : instants[0];
  if (at === undefined) problems.at = draft.at === '' ? 'required' : 'skipped';
  else if (at > now_ms) problems.at = 'future';

  const counters: CreateMeterEvent['counters'] = [];
  for (const { measurand, closing, opening } of draft.counters) {
    if (closing.trim() === '' && opening.trim() === '') continue;
    const { decimals } = counterUnitOf(measurand);
    const closingIndex = closing.trim() === '' ? null : parseIndex(closing, decimals);
    const openingIndex = parseIndex(opening, decimals);
    if (closing.trim() !== '' && closingIndex === null) problems[`closing.${measurand}`] = 'index';
    if (openingIndex === null)
      problems[`opening.${measurand}`] = opening.trim() === '' ? 'required' : 'index';
    else counters.push({ measurand, closingIndex, openingIndex });
  }
  const [first] = draft.counters;
  if (first && counters.length === 0 && !Object.keys(problems).some((f) => f.includes('.')))
    problems[`opening.${first.measurand}`] = 'noCounter';

  const [before, after] = [parseNumber(draft.ratioBefore), parseNumber(draft.ratioAfter)];
  if (draft.kind === 'ratioChange') {
    if (before === null || before <= 0) problems.ratioBefore = 'ratio';
    if (after === null || after <= 0) problems.ratioAfter = 'ratio';
  }
  if (Object.keys(problems).length > 0 || at === undefined) return { ok: false, problems };
  const serialNumber = draft.serialNumber.trim();
  return {
    ok: true,
    event: {
      kind: draft.kind,
      at: new Date(at).toISOString(),
      counters,
      note: draft.note.trim(),
      ...(draft.kind === 'replacement' && serialNumber !== '' ? { serialNumber } : {}),
      ...(draft.kind === 'ratioChange' && before !== null && after !== null
        ? { ratio: { before, after } }
        : {}),
      ...(draft.confirms ? { confirms: draft.confirms } : {}),
    },
  };
}

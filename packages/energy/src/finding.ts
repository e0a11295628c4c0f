/** Something arithmetic noticed: data for people and programs, never an exception. */
export interface Finding {
  /** Stable name, camelCase; catalogues translate it. */
  readonly code: string;
  /** English sentence for logs and for catalogues that lack the code. */
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A finding about one instant of a series. */
export interface SeriesFinding extends Finding {
  readonly at_ms: number;
}

/** Arithmetic that could not be done, with every reason at once. */
export interface Disqualified {
  readonly ok: false;
  readonly disqualifications: readonly Finding[];
}

export const finding = (
  code: string,
  message: string,
  data: Readonly<Record<string, unknown>> = {},
): Finding => ({ code, message, data });

/** Findings kept per series; a meter that errs with every reading must not fill the memory. */
export const seriesFindingLimit = 1000;

/** Collects up to `seriesFindingLimit` findings and counts all of them by code. */
export interface SeriesFindings {
  readonly list: SeriesFinding[];
  readonly countByCode: Record<string, number>;
}

export const seriesFindings = (): SeriesFindings => ({ list: [], countByCode: {} });

export function note(
  findings: SeriesFindings,
  code: string,
  at_ms: number,
  detail: { readonly message: string; readonly data?: Readonly<Record<string, unknown>> },
): void {
  findings.countByCode[code] = (findings.countByCode[code] ?? 0) + 1;
  if (findings.list.length < seriesFindingLimit)
    findings.list.push({ code, message: detail.message, at_ms, data: detail.data ?? {} });
}

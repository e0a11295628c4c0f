export interface ExpectedPoint {
  readonly start_ms: number;
  readonly expected_w: number;
  readonly low_w: number;
  readonly high_w: number;
}
export const expectedBand = (
  _model: unknown,
  _range: { from_ms: number; to_ms: number; width_s: number; timeZone: string },
): ExpectedPoint[] => [];

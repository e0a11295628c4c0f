import type { IntervalQuality } from '@wattproof/energy';
import { hatchPath } from './hatch.ts';
import type { Theme } from './tokens.ts';

/** A stretch of one quality, in pixels. */
export interface StripRun {
  readonly x1: number;
  readonly x2: number;
  readonly quality: IntervalQuality;
}

export const stripHeight = 6;
export const stripPitch = 13;

/** Height in px of the strips below a curve. */
export const stripsHeight = (lines: number): number => (lines === 0 ? 0 : lines * stripPitch + 6);

export const isGuess = (quality: IntervalQuality | null): boolean =>
  quality === 'estimated' || quality === 'interpolated';

/** Shapes of a strip that says the quality of a line over time: solid measured, hatched estimated, a rule where missing. */
export function stripShapes(runs: readonly StripRun[], y: number, theme: Theme): Record<string, unknown>[] {
  return runs.flatMap(({ x1, x2, quality }): Record<string, unknown>[] => {
    if (x2 <= x1) return [];
    if (quality === 'missing')
      return [
        {
          type: 'path',
          shape: { pathData: `M${x1} ${y + stripHeight}L${x2} ${y + stripHeight}` },
          style: { fill: 'none', stroke: theme.colors.rule2 },
        },
      ];
    if (isGuess(quality))
      return [
        {
          type: 'path',
          shape: {
            pathData: hatchPath({ left: x1, top: y, right: x2, bottom: y + stripHeight }, 4) || 'M0 0',
          },
          style: { fill: 'none', stroke: theme.colors.ink2, lineWidth: 1.2 },
        },
      ];
    return [
      {
        type: 'rect',
        shape: { x: x1, y, width: x2 - x1, height: stripHeight },
        style: { fill: theme.colors.ctl },
      },
    ];
  });
}

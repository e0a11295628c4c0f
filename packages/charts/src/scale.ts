import { niceStep } from './axis.ts';

export interface ScaleInput {
  readonly min: number;
  readonly max: number;
  /** How many labelled ticks there may be. */
  readonly majors?: number;
}

export interface ScaleTick {
  readonly value: number;
  /** Position along the scale, 0…1. */
  readonly at: number;
  readonly isMajor: boolean;
}

/** Where a value lies on a scale, 0…1, kept on it. */
export const scalePosition = (value: number, min: number, max: number): number =>
  max > min ? Math.min(1, Math.max(0, (value - min) / (max - min))) : 0;

/** Minor and labelled major ticks of a ruled scale; a quarter, fifth or half of a major step between the labels. */
export function scaleTicks({ min, max, majors = 6 }: ScaleInput): ScaleTick[] {
  const major = niceStep(max - min, majors);
  const lead = major / 10 ** Math.floor(Math.log10(major));
  const parts = Math.abs(lead - 2) < 1e-9 ? 4 : 5;
  const minor = major / parts;
  const first = Math.ceil(min / minor - 1e-9);
  const last = Math.floor(max / minor + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const value = Number(((first + i) * minor).toPrecision(12));
    return {
      value,
      at: scalePosition(value, min, max),
      isMajor: Math.abs(value / major - Math.round(value / major)) < 1e-6,
    };
  });
}

/** A round end for a scale that has to hold `value`. */
export function roundEnd(value: number, parts = 5): number {
  const step = niceStep(value, parts);
  return Number((Math.ceil(value / step - 1e-9) * step).toPrecision(12));
}

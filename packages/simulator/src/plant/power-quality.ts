import { columnsOf, findProfile } from '@wattproof/devices';
import { type HarmonicOrder, harmonicName, type MeasurandName, rareSubject } from '@wattproof/energy';
import type { PlantMeter } from './plant.ts';

/**
 * How much of a distortion each order carries: what six-pulse drives and single-phase electronics draw, and what a
 * supply shows of it. Even orders hardly occur.
 */
const weights: Readonly<Record<'voltage' | 'current', (order: number) => number>> = {
  current: (order) =>
    order % 2 === 0 ? 0.012 : order % 3 === 0 ? 1 / order : order % 6 === 5 ? 5.4 / order : 4.2 / order,
  voltage: (order) =>
    order % 2 === 0 ? 0.01 : order % 3 === 0 ? 0.5 / order : order % 6 === 5 ? 4 / order : 3.4 / order,
};

/** Harmonics that the meter's device tells, with the part of its channel's distortion that each is. */
export function spectrumOf(
  meter: PlantMeter,
): readonly (readonly [MeasurandName, share: number, thd: MeasurandName])[] {
  const profile = findProfile(meter.device.profileId);
  const told = (profile ? columnsOf(profile, meter.device.settings) : []).flatMap(({ measurand }) => {
    const subject = rareSubject(measurand);
    return subject?.of === 'harmonic' && subject.channel !== 'current_n' ? [subject] : [];
  });
  return [...Map.groupBy(told, (subject) => subject.channel)].flatMap(([channel, subjects]) => {
    const [quantity = 'current', phase = 'l1'] = channel.split('_') as [
      'voltage' | 'current',
      'l1' | 'l2' | 'l3',
    ];
    const weight = weights[quantity];
    const whole = Math.hypot(...subjects.map(({ order }) => weight(order)));
    return subjects.map(
      ({ order }) =>
        [
          harmonicName(channel, order as HarmonicOrder),
          weight(order) / whole,
          `thd_${quantity}_${phase}_percent`,
        ] as const,
    );
  });
}

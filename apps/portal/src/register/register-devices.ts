import type { DeviceCatalogue, Gateway } from '@wattproof/contracts/api';

/** A device of a gateway with the values of its register map. */
export interface RegisterDevice {
  readonly meterKey: string;
  readonly name: string;
  readonly line: string;
  readonly unit: number;
  readonly functionCode: number;
  readonly points: readonly {
    readonly key: string;
    readonly address: number;
    readonly type: string;
    readonly words: number;
    readonly isWritable: boolean;
  }[];
}

const wordsOfType: Readonly<Record<string, number>> = {
  u16: 1,
  s16: 1,
  u32: 2,
  s32: 2,
  f32: 2,
  u48: 3,
  u64: 4,
  s64: 4,
};

/** Devices of a gateway with the values of their maps; several inputs of one device are one. */
export function devicesOf(gateway: Gateway, catalogue: DeviceCatalogue): RegisterDevice[] {
  const devices = gateway.meters.flatMap((meter): RegisterDevice[] => {
    const profile = catalogue.profiles.find((p) => p.id === meter.profileId);
    if (!profile || meter.lineKey === null || meter.unitAddress === null) return [];
    return [
      {
        meterKey: meter.key,
        name: meter.name,
        line: meter.lineKey,
        unit: meter.unitAddress,
        functionCode: profile.functionCode,
        points: profile.points.map(({ key, address, type, isWritable, input }) => ({
          key: input === null ? key : `${key} (${input})`,
          address,
          type,
          words: wordsOfType[type] ?? 1,
          isWritable: isWritable && input === null,
        })),
      },
    ];
  });
  return [...new Map(devices.reverse().map((d) => [`${d.line} ${d.unit}`, d])).values()].reverse();
}

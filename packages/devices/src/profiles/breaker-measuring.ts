import type { DeviceProfile, Point } from '../profile.ts';
import { breakerDpx3 } from './breaker-dpx3.ts';

const absent = [0xffffffff];
const absentSigned = [0x7fffffff];

/** Electronic breaker with measurement: the layout of the plain one, and the measured values at 0100h. */
export const breakerMeasuring: DeviceProfile = {
  ...breakerDpx3,
  id: 'breaker-measuring',
  models: ['0 288 03', '0 288 04', 'DPX³ 250 measurement', 'DPX³ 630 measurement', 'DPX³ 1600 measurement'],
  title: 'Electronic breaker with measurement (DPX³, DMX³)',
  limits: { maxWords: 64, minimumGap_ms: 50, unreadable: [] },
  identity: { point: 'device_id', equals: 0xd4 },
  points: [
    { key: 'device_id', address: 0x0000, type: 'u16', initial: 0xd4 },
    ...breakerDpx3.points.slice(1),
    ...measured(),
  ],
};

function measured(): Point[] {
  const u32 = (key: string, address: number, divide: number, measurand: Point['measurand']): Point => ({
    key,
    address,
    type: 'u32',
    scale: { divide },
    notAvailable: absent,
    ...(measurand ? { measurand } : {}),
  });
  const s32 = (key: string, address: number, divide: number, measurand: Point['measurand']): Point => ({
    ...u32(key, address, divide, measurand),
    type: 's32',
    notAvailable: absentSigned,
  });
  return [
    ...([1, 2, 3] as const).flatMap((phase): Point[] => [
      u32(`voltage_l${phase}_n`, 0x0100 + 2 * (phase - 1), 100, `voltage_l${phase}_n_v`),
      s32(`active_power_l${phase}`, 0x010c + 2 * (phase - 1), 1, `active_power_l${phase}_w`),
      s32(`reactive_power_l${phase}`, 0x0112 + 2 * (phase - 1), 1, `reactive_power_l${phase}_var`),
      s32(`power_factor_l${phase}`, 0x0118 + 2 * (phase - 1), 1000, `power_factor_l${phase}`),
      u32(`thd_voltage_l${phase}`, 0x0130 + 2 * (phase - 1), 10, `thd_voltage_l${phase}_percent`),
      u32(`thd_current_l${phase}`, 0x0136 + 2 * (phase - 1), 10, `thd_current_l${phase}_percent`),
    ]),
    u32('voltage_l1_l2', 0x0106, 100, 'voltage_l1_l2_v'),
    u32('voltage_l2_l3', 0x0108, 100, 'voltage_l2_l3_v'),
    u32('voltage_l3_l1', 0x010a, 100, 'voltage_l3_l1_v'),
    s32('active_power', 0x011e, 1, 'active_power_w'),
    s32('reactive_power', 0x0120, 1, 'reactive_power_var'),
    u32('apparent_power', 0x0122, 1, 'apparent_power_va'),
    s32('power_factor', 0x0124, 1000, 'power_factor'),
    u32('frequency', 0x0126, 100, 'frequency_hz'),
    u32('energy_import', 0x0128, 1, 'active_energy_import_wh'),
    u32('energy_export', 0x012a, 1, 'active_energy_export_wh'),
    u32('reactive_import', 0x012c, 1, 'reactive_energy_import_varh'),
    u32('reactive_export', 0x012e, 1, 'reactive_energy_export_varh'),
  ];
}

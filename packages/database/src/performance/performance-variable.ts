/** A relevant variable as models take it. */
export interface VariableRecord {
  readonly id: string;
  /** Its name in models. */
  readonly key: string;
  readonly name: string;
  readonly unit: string;
  readonly source: 'meter' | 'station' | 'series';
  readonly quantity: 'amount' | 'temperature';
  readonly combine: 'sum' | 'mean';
  readonly granularity: 'day' | 'month';
  readonly meterId: number | null;
  readonly measurand: string | null;
  readonly stationId: string | null;
}

export const variableColumns = `v.id, v.key, v.name, v.unit, v.source, v.quantity, v.combine, v.granularity, v.meter_id AS "meterId",
  v.measurand, v.station_id AS "stationId"`;

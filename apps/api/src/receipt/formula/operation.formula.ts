import type { FigureFormula, Formulas } from '../figure-formula.ts';
import { currencyBeside, measurandUnit } from './place.ts';

const alarmed = (expression: string): FigureFormula => ({
  name: 'alarmValue',
  version: 1,
  expression,
  unit: measurandUnit,
});

/** What is set, what the system says of itself, and what alarms saw. */
export const operationFormulas: Formulas = {
  alarms: {
    'alarms[].threshold': 'stated',
    'alarms[].value': alarmed('the value at which the rule began to hold'),
    'alarms[].extreme': alarmed('the farthest value while it held'),
    'alarms[].costPerDay.amount': {
      name: 'alarmCost',
      version: 1,
      expression: 'energy beyond the expected a day · price in force',
      unit: currencyBeside,
    },
  },
  'alarm-rules': {
    'alarmRules[].threshold': 'stated',
    'alarmRules[].hysteresis': 'stated',
    'alarmRules[].delay_s': 'stated',
  },
  'dead-letters': { 'deadLetters[].correction_s': 'stated' },
  quarantine: { 'gateways[].suggestedCorrection_s': 'operation' },
  'reading-conflicts': { 'conflicts[].stored': 'operation', 'conflicts[].arrived': 'operation' },
};

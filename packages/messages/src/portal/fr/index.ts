import { account } from './account.ts';
import { alarm } from './alarm.ts';
import { audit } from './audit.ts';
import { balance } from './balance.ts';
import { calculated } from './calculated.ts';
import { calculator } from './calculator.ts';
import { catalogue } from './catalogue.ts';
import { certificate } from './certificate.ts';
import { certificateCase } from './certificate-case.ts';
import { configuration } from './configuration.ts';
import { data } from './data.ts';
import { dossier } from './dossier.ts';
import { energyFactor } from './energy-factor.ts';
import { evidence } from './evidence.ts';
import { field } from './field.ts';
import { finding } from './finding.ts';
import { flow } from './flow.ts';
import { governance } from './governance.ts';
import { measurand } from './measurand.ts';
import { meter } from './meter.ts';
import { meterSetting } from './meter-setting.ts';
import { money } from './money.ts';
import { obligation } from './obligation.ts';
import { performance } from './performance.ts';
import { portfolio } from './portfolio.ts';
import { register } from './register.ts';
import { reissue } from './reissue.ts';
import { settings } from './settings.ts';
import { seu } from './seu.ts';
import { shell } from './shell.ts';
import { site } from './site.ts';
import { structure } from './structure.ts';
import { table } from './table.ts';
import { variable } from './variable.ts';
import { vocabulary } from './vocabulary.ts';
import { workbench } from './workbench.ts';

export const portalFr = {
  ...dossier,
  ...account,
  ...alarm,
  ...audit,
  ...balance,
  ...calculated,
  ...catalogue,
  ...certificate,
  ...calculator,
  ...configuration,
  ...register,
  ...data,
  ...energyFactor,
  ...evidence,
  ...field,
  ...finding,
  ...measurand,
  ...meter,
  ...meterSetting,
  ...money,
  ...obligation,
  ...performance,
  ...portfolio,
  ...reissue,
  ...settings,
  ...shell,
  ...site,
  ...structure,
  ...table,
  ...flow,
  ...certificateCase,
  ...workbench,
  ...governance,
  ...seu,
  ...variable,
  ...vocabulary,
} as const satisfies Record<keyof typeof import('../en/index.ts').portalEn, string>;

export { defaultPlantOptions, demoPlant, type PlantOptions } from './demo-plant.ts';
export { step_ms } from './drivers.ts';
export { isSilent } from './fault-window.ts';
export { gainOf, type MeterModel, shownValue, type Values } from './meter-model.ts';
export type * from './plant.ts';
export { plantOptionsOf, readPlantFile, writePlantFile } from './plant-file.ts';
export { plantModelOf, type SiteModel, type SiteTruth, siteModelOf } from './plant-model.ts';
export { type LinePlaces, serialPaths, simulatedLines } from './simulated-lines.ts';

export { type LineConfiguration, type LineOptions, type RunningLine, runLine } from './line.ts';

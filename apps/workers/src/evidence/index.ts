export { bundleSteps, makeEvidenceBundle } from './make-evidence-bundle.ts';

export { type Cable, startCable } from '@wattproof/infra/cable';

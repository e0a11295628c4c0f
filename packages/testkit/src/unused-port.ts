export { unusedPort } from '@wattproof/infra/unused-port';

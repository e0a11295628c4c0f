import { randomBytes } from 'node:crypto';
import { seal, unseal } from './seal.ts';

/** Payload of an outbox row of kind `enrol`; `sealedPassword` is null once the broker knows the gateway. */
export interface EnrolPayload {
  readonly username: string;
  readonly sealedPassword: string | null;
}

/** 32 random bytes: a machine types it, nobody remembers it. */
export const newGatewayPassword = (): string => randomBytes(32).toString('base64url');

/** The outbox row that lets a gateway in; only a process with the secret key can read the password. */
export const enrolPayload = (secretKey: string, gatewayId: string, password: string): EnrolPayload => ({
  username: gatewayId,
  sealedPassword: seal(secretKey, `gateway:${gatewayId}`, password),
});

export const enrolPassword = (secretKey: string, gatewayId: string, sealedPassword: string): string =>
  unseal(secretKey, `gateway:${gatewayId}`, sealedPassword);

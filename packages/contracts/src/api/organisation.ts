import { z } from 'zod';
import { permissions } from './permission.ts';
import { instant, localDate, locale, money, qualityShares, role, uncertain, uuid } from './value.ts';

/** GET /me */
export const me = z.object({
  userId: z.string(),
  email: z.string(),
  displayName: z.string(),
  locale,
  role,
  permissions: z.array(z.enum(permissions)),
  organisation: z.object({ id: z.int(), name: z.string(), trade: z.string(), currency: z.string() }),
  /** All organisations of the person; requests choose one by the header `wattproof-organisation`, default the first. */
  organisations: z.array(z.object({ id: z.int(), name: z.string(), role })),
  sites: z.array(
    z.object({
      id: uuid,
      name: z.string(),
      legalEntityId: uuid,
      legalEntityName: z.string(),
      timeZone: z.string(),
      country: z.string(),
    }),
  ),
  openAlarms: z.int(),
});
export type Me = z.infer<typeof me>;

/** GET /portfolio?month=YYYY-MM : which legal entity or site needs me. */
export const portfolio = z.object({
  month: z.string(),
  /** End of the data of the month; before its end the figures run to here. */
  to: instant,
  organisation: z.object({ id: z.int(), name: z.string(), currency: z.string() }),
  legalEntities: z.array(
    z.object({
      id: uuid,
      name: z.string(),
      country: z.string(),
      registrationNumber: z.string(),
      audit: z
        .object({
          id: uuid,
          name: z.string(),
          dueOn: localDate.nullable(),
          /** Shares 0 to 1; null where the account is incomplete. */
          coverage: z.number().nullable(),
          threshold: z.number(),
          verdict: z.enum(['reached', 'notReached', 'insufficientData', 'unverifiedRule']),
          ruleId: z.string(),
        })
        .nullable(),
      sites: z.array(
        z.object({
          id: uuid,
          name: z.string(),
          activity: z.string(),
          powerNow_w: z.number().nullable(),
          powerAt: instant.nullable(),
          electricity_wh: z.number().nullable(),
          gas_wh: z.number().nullable(),
          cost: money.nullable(),
          /** Electricity of the month so far against the same days of the year before, share. */
          againstPreviousYear: z.number().nullable(),
          /** Savings over the reporting period, share of expected (negative = less energy than expected). */
          savings: uncertain.nullable(),
          savingsVerdict: z
            .enum(['saving', 'excess', 'notDistinguishableFromZero', 'insufficientData'])
            .nullable(),
          /** Null while the first interval of the month is not over. */
          quality: qualityShares.nullable(),
          openAlarms: z.int(),
          gatewaysOnline: z.int(),
          gateways: z.int(),
        }),
      ),
    }),
  ),
});
export type Portfolio = z.infer<typeof portfolio>;

/** GET /members, and /api-keys (GET, POST, DELETE /api-keys/{id}) */
export const member = z.object({
  id: uuid,
  displayName: z.string(),
  email: z.string(),
  role,
  siteIds: z.array(uuid).nullable(),
  createdAt: instant,
});
export const members = z.object({ members: z.array(member) });
export type Members = z.infer<typeof members>;

export const apiKey = z.object({
  id: uuid,
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(z.enum(['read', 'write'])),
  createdAt: instant,
  expiresAt: instant.nullable(),
  revokedAt: instant.nullable(),
  lastUsedAt: instant.nullable(),
});
export const apiKeys = z.object({ apiKeys: z.array(apiKey) });
export type ApiKeys = z.infer<typeof apiKeys>;
export const createApiKey = z.strictObject({
  name: z.string().trim().min(1).max(80),
  scopes: z.array(z.enum(['read', 'write'])).min(1),
  expiresAt: instant.optional(),
});
export type CreateApiKey = z.infer<typeof createApiKey>;
/** The key itself is shown once. */
export const createdApiKey = z.object({ apiKey, key: z.string() });
export type CreatedApiKey = z.infer<typeof createdApiKey>;

import { z } from 'zod';

/** Redis channel that rings when readings of a site were committed. It carries no values: `latest` has them. */
export const liveChannel = (siteId: string): string => `live:${siteId}`;

/** Message on `live:{siteId}`, JSON. */
export const liveNotice = z.object({ meterIds: z.array(z.number().int()) });
export type LiveNotice = z.infer<typeof liveNotice>;

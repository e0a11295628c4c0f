import { everyOrganisation, type MailOutcome, settleMail, takeMail, withScope } from '@wattproof/database';
import type { Resources } from '../resources.ts';
import { MailError } from './mailer.ts';

/** Waits before the second and further tries; after the last of them a mail is given up and says why. */
export const waits_s: readonly number[] = [60, 300, 1_800, 7_200, 28_800, 86_400];
/** Mails of one run; the rest is rung for again. */
const batch = 200;
/** What people are told where no server is set up; catalogues translate it. */
export const noServer = 'noServer';
/** A server that is set up later finds the mails within this. */
const withoutServer_s = 300;

export interface MailSums {
  readonly sent: number;
  readonly failed: number;
}

type Needs = Pick<Resources, 'pool' | 'mailer' | 'logger'>;

/**
 * Sends the mails that are due. Each is locked while it is sent and settled in the same transaction: of two workers only one
 * sends it. A worker that dies between the server's yes and the commit sends it once more, under the same message id.
 */
export async function sendMails({ pool, mailer, logger }: Needs): Promise<MailSums> {
  let [sent, failed] = [0, 0];
  for (let i = 0; i < batch; i++) {
    const outcome = await withScope(pool, everyOrganisation, async (client) => {
      const mail = await takeMail(client);
      if (!mail) return null;
      const result = await outcomeOf(mailer, mail);
      await settleMail(client, mail.id, result);
      if (result.state !== 'sent')
        logger.warn(
          { mailId: mail.id, attempts: mail.attempts + 1, error: result.error },
          'a mail was not sent',
        );
      return result.state;
    });
    if (outcome === null) break;
    if (outcome === 'sent') sent++;
    else failed++;
  }
  return { sent, failed };
}

async function outcomeOf(
  mailer: Needs['mailer'],
  mail: NonNullable<Awaited<ReturnType<typeof takeMail>>>,
): Promise<MailOutcome> {
  if (!mailer) return { state: 'waiting', error: noServer, wait_s: withoutServer_s };
  try {
    await mailer.send({
      id: mail.id,
      to: mail.recipient,
      subject: mail.subject,
      text: mail.body,
      attachment: mail.document && { ...mail.document, name: `${mail.document.name}.pdf` },
    });
    return { state: 'sent' };
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    const wait_s = waits_s[mail.attempts];
    return error.isFinal || wait_s === undefined
      ? { state: 'failed', error: error.message }
      : { state: 'waiting', error: error.message, wait_s };
  }
}

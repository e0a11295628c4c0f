import { createTransport } from 'nodemailer';

export interface OutgoingMail {
  /** Stays the same over all tries, so that a receiver can tell a repetition. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly attachment: { readonly name: string; readonly mediaType: string; readonly content: Buffer } | null;
}

/** The way to the mail server. */
export interface Mailer {
  /** @throws MailError where the server refuses, or is not there. */
  send(mail: OutgoingMail): Promise<void>;
  close(): void;
}

/** A mail that was not taken; `isFinal` where the server refuses it for good (a reply of 5xx to the mail itself). */
export class MailError extends Error {
  override readonly name = 'MailError';
  readonly isFinal: boolean;

  constructor(message: string, { isFinal, cause }: { readonly isFinal: boolean; readonly cause: unknown }) {
    super(message, { cause });
    this.isFinal = isFinal;
  }
}

const patience_ms = 20_000;
/** Replies about the session and the sender's standing, which an operator can mend: not final for the mail. */
const mendable = new Set(['EAUTH', 'ECONNECTION', 'ESOCKET', 'ETIMEDOUT', 'EDNS', 'ETLS', 'EPROTOCOL']);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function mailErrorOf(error: unknown): MailError {
  const fields = isRecord(error) ? error : {};
  const code = typeof fields.code === 'string' ? fields.code : '';
  const reply = typeof fields.responseCode === 'number' ? fields.responseCode : 0;
  const message = error instanceof Error ? error.message : String(error);
  return new MailError(message, { isFinal: reply >= 500 && !mendable.has(code), cause: error });
}

/** Speaks SMTP (RFC 5321) to one server; `smtps:` is TLS from the start, `smtp:` goes over to it where the server offers it. */
export function openMailer({ smtpUrl, from }: { readonly smtpUrl: string; readonly from: string }): Mailer {
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: patience_ms,
    greetingTimeout: patience_ms,
    socketTimeout: patience_ms,
    // A text or an address never makes the mailer read a file or a page.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async ({ id, to, subject, text, attachment }) => {
      try {
        await transport.sendMail({
          from,
          to: { name: '', address: to },
          subject,
          text,
          messageId: `<${id}@wattproof>`,
          // RFC 3834: nobody's absence note answers to this.
          headers: { 'Auto-Submitted': 'auto-generated' },
          attachments: attachment
            ? [
                {
                  filename: attachment.name,
                  contentType: attachment.mediaType,
                  content: attachment.content,
                },
              ]
            : [],
        });
      } catch (error) {
        throw mailErrorOf(error);
      }
    },
    close: () => transport.close(),
  };
}

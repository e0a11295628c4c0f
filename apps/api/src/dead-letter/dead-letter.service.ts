import { Injectable } from '@nestjs/common';
import type { DeadLetter } from '@wattproof/contracts/api';
import {
  countOpenDeadLetters,
  type DeadLetterFilter,
  type DeadLetterRow,
  listDeadLetters,
  recordEvent,
  resolveDeadLetter,
  type Scope,
} from '@wattproof/database/queries';
import { AppError } from '@wattproof/runtime';
import type { Caller } from '../access/caller.ts';
import { Resources } from '../resources.ts';

@Injectable()
export class DeadLetterService {
  constructor(private readonly resources: Resources) {}

  list(scope: Scope, filter: DeadLetterFilter) {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const rows = await listDeadLetters(client, scope, { ...filter, limit: filter.limit + 1 });
      const page = rows.slice(0, filter.limit);
      return {
        deadLetters: page.map(view),
        open: await countOpenDeadLetters(client, scope),
        next: rows.length > filter.limit ? (page.at(-1)?.id ?? null) : null,
      };
    });
  }

  async resolve(caller: Caller, id: string, resolution: string): Promise<DeadLetter> {
    const { database } = this.resources;
    const { scope } = caller;
    const find = () =>
      database.readOrganisation(scope.organisationId, async (client) => {
        const [row] = await listDeadLetters(client, scope, { id, limit: 1 });
        if (!row) throw new AppError('notFound', `There is no dead letter ${id}`);
        return row;
      });
    await find();
    await database.withOrganisation(scope.organisationId, async (tx) => {
      if (!(await resolveDeadLetter(tx, scope, id, resolution)))
        throw new AppError('conflict', `The dead letter ${id} is resolved already`);
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: 'deadLetter.resolve',
        object: id,
        after: { resolution },
      });
    });
    return view(await find());
  }
}

const view = ({ payload, receivedAt, resolvedAt, code, ...row }: DeadLetterRow): DeadLetter => ({
  ...row,
  code: code as DeadLetter['code'],
  payload: readable(payload, { isCut: row.payloadBytes > payload.length }),
  receivedAt: receivedAt.toISOString(),
  resolvedAt: resolvedAt?.toISOString() ?? null,
});

const strictText = new TextDecoder('utf-8', { fatal: true });
// A cut may have gone through a character of up to four bytes.
const cutSlack_bytes = 3;

/** Bytes as text where they are text, else as hex. */
export function readable(payload: Buffer, { isCut }: { readonly isCut: boolean }): string {
  const text = textOf(payload, isCut ? cutSlack_bytes : 0);
  // Control characters, but tab, line feed and carriage return, are no text.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const isText = text !== undefined && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text);
  return isText ? text : payload.subarray(0, 1_000).toString('hex');
}

function textOf(payload: Buffer, slack_bytes: number): string | undefined {
  for (let cut = 0; cut <= slack_bytes; cut++)
    try {
      return strictText.decode(payload.subarray(0, payload.length - cut));
    } catch (error) {
      // Recovery: shorter by a byte; after the last try it is no text.
      if (!(error instanceof TypeError)) throw error;
    }
  return undefined;
}

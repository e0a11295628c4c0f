import { Injectable } from '@nestjs/common';
import type { PeriodDetail, Periods } from '@wattproof/contracts/api';
import {
  appendRecords,
  chainInstant,
  isRestatement,
  listBillRestatements,
  listRestatements,
  type MonthFigure,
  type MonthState,
  monthAfter,
  monthFigures,
  monthStates,
  storePeriodClose,
} from '@wattproof/database';
import { listMeters, recordEventBy, type Scope } from '@wattproof/database/queries';
import { localMidnight_ms } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { Caller } from '../access/caller.ts';
import { Resources } from '../resources.ts';
import { requireSite } from '../site/site.service.ts';

type Month = Periods['months'][number];

@Injectable()
export class PeriodService {
  constructor(private readonly resources: Resources) {}

  list(scope: Scope, siteId: string): Promise<Periods> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const { timeZone } = await requireSite(client, scope, siteId);
      const now_ms = Date.now();
      const months = await monthStates(client, { siteId, timeZone });
      return { siteId, timeZone, months: months.map((month) => monthView(month, { timeZone, now_ms })) };
    });
  }

  detail(
    scope: Scope,
    siteId: string,
    { month, knownAt }: { readonly month: string; readonly knownAt: string | undefined },
  ): Promise<PeriodDetail> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      await requireSite(client, scope, siteId);
      const meters = await listMeters(client, scope, { siteId });
      const names = new Map(meters.map((meter) => [meter.id, meter.name]));
      const now = new Date();
      const then = knownAt === undefined ? now : new Date(knownAt);
      const named = (figures: readonly MonthFigure[]) =>
        figures.map((figure) => ({ ...figure, meterName: names.get(figure.meterId) ?? '' }));
      const range = { from: `${month}-01`, to: monthAfter(month) };
      return {
        siteId,
        month,
        knownAt: then.toISOString(),
        asKnown: named(await monthFigures(client, { siteId, month, at: then })),
        now: named(await monthFigures(client, { siteId, month, at: now })),
        restatements: (await listRestatements(client, siteId, range)).map(({ at, ...row }) => ({
          ...row,
          at: at.toISOString(),
          meterName: names.get(row.meterId) ?? '',
        })),
        billRestatements: (
          await listBillRestatements(client, { organisationId: scope.organisationId, siteId, month })
        ).map(({ at, bills, before, after, ...row }) => ({
          ...row,
          at: at.toISOString(),
          bills: [...bills],
          before: { ...before },
          after: { ...after },
        })),
      };
    });
  }

  async close(
    caller: Caller,
    siteId: string,
    { month, note }: { readonly month: string; readonly note: string },
  ): Promise<Periods> {
    const { scope, name } = caller;
    const { organisationId } = scope;
    await this.resources.database.writeOrganisation(organisationId, async (client) => {
      const { timeZone } = await requireSite(client, scope, siteId);
      const now = new Date();
      const states = await monthStates(client, { siteId, timeZone });
      const state = states.find((one) => one.month === month);
      if (!state) throw new AppError('notFound', `The site has no data in ${month}`);
      if (state.closedAt)
        throw new AppError('conflict', `${month} is signed off already, by ${state.closedBy}`);
      if (localMidnight_ms(timeZone, monthAfter(month)) > now.getTime())
        throw new AppError('conflict', `${month} is not over yet`);
      if (state.openDays > 0)
        throw new AppError(
          'notReady',
          `${state.openDays} days of meters in ${month} are not sealed yet; days with gaps are sealed 48 hours after their end`,
          { month, openDays: state.openDays },
        );
      const figures = await monthFigures(client, { siteId, month, at: now });
      const [record] = await appendRecords(client, organisationId, [
        {
          at: chainInstant(now),
          kind: 'periodClosed',
          body: { siteId, month, by: name, note, figures: figures.map((figure) => ({ ...figure })) },
        },
      ]);
      await storePeriodClose(client, {
        organisationId,
        siteId,
        month,
        closedAt: now,
        closedBy: name,
        note,
        record: record?.seq ?? 0,
        figures,
      });
      await recordEventBy(client, scope, {
        actor: name,
        action: 'period.close',
        object: `${siteId}/${month}`,
        after: { note },
      });
    });
    return this.list(scope, siteId);
  }

  async explain(
    caller: Caller,
    siteId: string,
    { seal, text }: { readonly seal: number; readonly text: string },
  ): Promise<void> {
    const { scope, name } = caller;
    const { organisationId } = scope;
    await this.resources.database.writeOrganisation(organisationId, async (client) => {
      await requireSite(client, scope, siteId);
      if (!(await isRestatement(client, siteId, seal)))
        throw new AppError('notFound', `The site has no restatement ${seal}`);
      const at = chainInstant(new Date());
      await appendRecords(client, organisationId, [
        { at, kind: 'restatementExplained', body: { siteId, seal, explanation: { text, by: name, at } } },
      ]);
      await recordEventBy(client, scope, {
        actor: name,
        action: 'period.explainRestatement',
        object: `${siteId}/${seal}`,
        after: { text },
      });
    });
  }
}

function monthView(
  { closedAt, closedBy, note, record, ...state }: MonthState,
  { timeZone, now_ms }: { readonly timeZone: string; readonly now_ms: number },
): Month {
  const isOver = localMidnight_ms(timeZone, monthAfter(state.month)) <= now_ms;
  return {
    ...state,
    state: closedAt ? 'closed' : isOver ? 'over' : 'running',
    close: closedAt && {
      closedAt: closedAt.toISOString(),
      closedBy: closedBy ?? '',
      note: note ?? '',
      record: record ?? 0,
    },
  };
}

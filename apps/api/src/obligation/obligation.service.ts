import { Injectable } from '@nestjs/common';
import type {
  ObligationRulesView,
  Obligations,
  ObligedUnit,
  StatedUnitProfile,
} from '@wattproof/contracts/api';
import {
  createGroup,
  emptyStatedProfile,
  listReviews,
  listUnits,
  profileOfUnit,
  type ReviewRecord,
  removeGroup,
  removeReview,
  saveReview,
  saveStatedProfile,
  type UnitRecord,
} from '@wattproof/database';
import { listAuditNames, recordEventBy, type Scope } from '@wattproof/database/queries';
import { findObligationRule, type LocalDate, localDate, obligationRules } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import type { Caller } from '../access/caller.ts';
import { Resources } from '../resources.ts';
import { calendarFile } from './calendar-file.ts';
import { ruleView, unitView } from './obligation-view.ts';

/** Years before a date that rules look at. */
const yearCount = 3;

@Injectable()
export class ObligationService {
  constructor(private readonly resources: Resources) {}

  list(scope: Scope, on: LocalDate = today()): Promise<Obligations> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => ({
      on,
      units: await unitViews(client, scope, { on, units: await listUnits(client, scope) }),
    }));
  }

  one(scope: Scope, unitId: string, on: LocalDate = today()): Promise<ObligedUnit> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const unit = await requireUnit(client, scope, unitId);
      const [view] = await unitViews(client, scope, { on, units: [unit] });
      return view as ObligedUnit;
    });
  }

  async calendar(scope: Scope): Promise<string> {
    const { units } = await this.list(scope);
    return calendarFile(units, new Date());
  }

  async saveProfile(caller: Caller, unitId: string, stated: StatedUnitProfile): Promise<ObligedUnit> {
    const { scope, name } = caller;
    const repeated = stated.accountingYears.length - new Set(stated.accountingYears.map((y) => y.year)).size;
    if (repeated > 0) throw new AppError('invalid', 'accountingYears: a year is stated twice');
    await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const unit = await requireUnit(client, scope, unitId);
      await saveStatedProfile(client, scope, { unit, stated, by: name });
      await recordEventBy(client, scope, {
        actor: name,
        action: 'obligation.setProfile',
        object: unitId,
        ...(unit.stated ? { before: unit.stated } : {}),
        after: stated,
      });
    });
    return this.one(scope, unitId);
  }

  async createGroup(
    caller: Caller,
    wish: { readonly name: string; readonly country: string; readonly legalEntityIds: readonly string[] },
  ): Promise<ObligedUnit> {
    const { scope, name } = caller;
    const id = await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const made = await createGroup(client, scope, { ...wish, stated: emptyStatedProfile, by: name });
      if (made === null) throw new AppError('notFound', 'The organisation has no such legal entity');
      await recordEventBy(client, scope, {
        actor: name,
        action: 'obligation.createGroup',
        object: made,
        after: wish,
      });
      return made;
    });
    return this.one(scope, id);
  }

  async removeGroup(caller: Caller, unitId: string): Promise<void> {
    const { scope, name } = caller;
    await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const unit = await requireUnit(client, scope, unitId);
      if (unit.kind !== 'group')
        throw new AppError('conflict', 'A legal entity is not removed here; its profile can be emptied');
      await removeGroup(client, scope, unitId);
      await recordEventBy(client, scope, {
        actor: name,
        action: 'obligation.removeGroup',
        object: unitId,
        before: { name: unit.name, members: unit.members },
      });
    });
  }

  rules(scope: Scope): Promise<ObligationRulesView> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const reviewers = await listReviews(client, scope);
      return { rules: obligationRules.map((rule) => ruleView(rule, reviewers)) };
    });
  }

  async review(caller: Caller, review: ReviewRecord): Promise<ObligationRulesView> {
    const { scope, name } = caller;
    requireRule(review.ruleId);
    if (review.date > today()) throw new AppError('invalid', 'date: must not lie in the future');
    await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      await saveReview(client, scope, { ...review, by: name });
      await recordEventBy(client, scope, {
        actor: name,
        action: 'obligation.reviewRule',
        object: review.ruleId,
        after: { name: review.name, date: review.date },
      });
    });
    return this.rules(scope);
  }

  async withdrawReview(caller: Caller, ruleId: string): Promise<void> {
    const { scope, name } = caller;
    await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      if (!(await removeReview(client, scope, ruleId)))
        throw new AppError('notFound', `Nobody has reviewed the rule ${ruleId}`);
      await recordEventBy(client, scope, {
        actor: name,
        action: 'obligation.withdrawReview',
        object: ruleId,
      });
    });
  }
}

/** The latest date anywhere: a rule that begins today is in force. */
const today = (): LocalDate => localDate('Pacific/Kiritimati', Date.now());

function requireRule(ruleId: string): void {
  if (!findObligationRule(ruleId)) throw new AppError('notFound', `There is no rule ${ruleId}`);
}

async function requireUnit(client: PoolClient, scope: Scope, unitId: string): Promise<UnitRecord> {
  const [unit] = await listUnits(client, scope, unitId);
  if (!unit) throw new AppError('notFound', `There is no legal entity or group ${unitId}`);
  return unit;
}

async function unitViews(
  client: PoolClient,
  scope: Scope,
  { on, units }: { readonly on: LocalDate; readonly units: readonly UnitRecord[] },
): Promise<ObligedUnit[]> {
  const reviewers = await listReviews(client, scope);
  const audits = await listAuditNames(client, scope);
  const thisYear = Number(on.slice(0, 4));
  const years = Array.from({ length: yearCount }, (_, i) => thisYear - yearCount + i);
  const views: ObligedUnit[] = [];
  for (const unit of units) {
    const members = new Set(unit.members.map(({ id }) => id));
    const own = audits.filter(({ legalEntityId }) => members.has(legalEntityId));
    views.push(
      unitView(unit, await profileOfUnit(client, unit, years), {
        on,
        reviewers,
        audits: own.map(({ id, name }) => ({ id, name })),
      }),
    );
  }
  return views;
}

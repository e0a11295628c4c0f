import { Injectable } from '@nestjs/common';
import type { AuditDetail, AuditEffortWish, ScopeProposalView } from '@wattproof/contracts/api';
import {
  type AuditEffort,
  applyScope,
  auditEffort,
  type ComputedAudit,
  costOfParts,
  idOfUse,
  measuredUses,
  type ScopeProposal,
  saveAuditEffort,
  scopeProposal,
} from '@wattproof/database';
import { recordEventBy, type Scope } from '@wattproof/database/queries';
import {
  addDecimal,
  type Disqualified,
  divideDecimal,
  multiplyDecimal,
  requiredMembers,
  type ScopeChoice,
} from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { Caller } from '../access/caller.ts';
import { Resources } from '../resources.ts';
import { AuditService, requireAudit } from './audit.service.ts';

@Injectable()
export class ScopeService {
  constructor(
    private readonly resources: Resources,
    private readonly audits: AuditService,
  ) {}

  proposal(scope: Scope, auditId: string): Promise<ScopeProposalView> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const computed = await requireAudit(client, scope, auditId);
      const effort = await auditEffort(client, auditId);
      return proposalView(computed, effort, scopeProposal(computed, effort));
    });
  }

  async saveEffort(caller: Caller, auditId: string, effort: AuditEffortWish): Promise<ScopeProposalView> {
    const { scope, name } = caller;
    await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const { sites } = await requireAudit(client, scope, auditId);
      checkEffort(effort, new Set(sites.map(({ id }) => id)));
      const before = await auditEffort(client, auditId);
      await saveAuditEffort(client, scope, { auditId, effort });
      await recordEventBy(client, scope, {
        actor: name,
        action: 'audit.setEffort',
        object: auditId,
        before,
        after: effort,
      });
    });
    return this.proposal(scope, auditId);
  }

  async apply(
    caller: Caller,
    auditId: string,
    wish: { readonly partIds: readonly string[]; readonly reason: string },
  ): Promise<AuditDetail> {
    const { scope, name } = caller;
    await this.resources.database.writeOrganisation(scope.organisationId, async (client) => {
      const computed = await requireAudit(client, scope, auditId);
      const { rows } = computed;
      const places = new Set(rows.map((row) => row.siteId ?? row.deliveryPointId));
      const known = measuredUses(computed);
      const uses = known.filter(({ id }) => wish.partIds.includes(id));
      const unknown = wish.partIds.find((id) => !places.has(id) && !uses.some((use) => use.id === id));
      if (unknown)
        throw new AppError('notFound', `The audit has no site, delivery point or measured use ${unknown}`);
      const chosen = new Set(wish.partIds);
      const double = uses.find(({ siteId }) => chosen.has(siteId));
      if (double)
        throw new AppError('invalid', `partIds: the site of the use ${double.id} is audited whole`, {
          errors: [{ path: 'partIds', message: `the site of ${double.id} is audited whole` }],
        });
      const points = rows.filter((row) => row.deliveryPointId !== null);
      const isIn = (row: (typeof points)[number]): boolean =>
        chosen.has(row.siteId ?? row.deliveryPointId ?? '');
      const idsOf = (some: typeof points): string[] => some.map((row) => row.deliveryPointId ?? '');
      await applyScope(client, scope, {
        auditId,
        included: idsOf(points.filter(isIn)),
        left: idsOf(points.filter((row) => !isIn(row))),
        uses,
        reason: wish.reason,
      });
      await recordEventBy(client, scope, {
        actor: name,
        action: 'audit.applyScope',
        object: auditId,
        before: {
          included: idsOf(points.filter((row) => row.included)),
          uses: (computed.account.uses ?? []).map(idOfUse),
        },
        after: {
          included: idsOf(points.filter(isIn)),
          uses: uses.map(({ id }) => id),
          reason: wish.reason,
        },
      });
    });
    return this.audits.detail(scope, auditId);
  }
}

/** @throws AppError invalid, naming the field. */
function checkEffort(effort: AuditEffortWish, siteIds: ReadonlySet<string>): void {
  const names = effort.clusters.map(({ name }) => name);
  const errors = [
    ...effort.sites.flatMap((site, i) => [
      ...(siteIds.has(site.siteId)
        ? []
        : [{ path: `sites.${i}.siteId`, message: 'is no site of the entity' }]),
      ...(site.cluster === null || names.includes(site.cluster)
        ? []
        : [{ path: `sites.${i}.cluster`, message: 'is no cluster of this request' }]),
      ...(effort.sites.findIndex((other) => other.siteId === site.siteId) === i
        ? []
        : [{ path: `sites.${i}.siteId`, message: 'is there twice' }]),
    ]),
    ...effort.uses.flatMap((use, i) => [
      ...(siteIds.has(use.siteId) ? [] : [{ path: `uses.${i}.siteId`, message: 'is no site of the entity' }]),
      ...(effort.uses.findIndex((other) => idOfUse(other) === idOfUse(use)) === i
        ? []
        : [{ path: `uses.${i}`, message: 'is there twice' }]),
    ]),
    ...names.flatMap((name, i) =>
      names.indexOf(name) === i ? [] : [{ path: `clusters.${i}.name`, message: 'is there twice' }],
    ),
  ];
  const [first] = errors;
  if (first) throw new AppError('invalid', `${first.path}: ${first.message}`, { errors });
}

function proposalView(
  computed: ComputedAudit,
  effort: AuditEffort,
  proposal: ScopeProposal | Disqualified,
): ScopeProposalView {
  const clusterName = (id: string | null): string | null =>
    effort.clusters.find((cluster) => cluster.id === id)?.name ?? null;
  const entered: ScopeProposalView['effort'] = {
    ratePerDay: effort.ratePerDay,
    sites: effort.sites.map(({ clusterId, ...site }) => ({ ...site, cluster: clusterName(clusterId) })),
    uses: effort.uses.map((use) => ({ ...use })),
    clusters: effort.clusters.map(({ name, justification, statedSize }) => ({
      name,
      justification,
      statedSize,
    })),
  };
  if ('ok' in proposal)
    return {
      basis: computed.rule.basis,
      unit: computed.coverage.unit,
      costUnit: 'days',
      total: computed.coverage.total,
      threshold: computed.rule.threshold,
      effort: entered,
      parts: [],
      uses: [],
      clusters: [],
      cheapest: null,
      fewest: null,
      findings: findingsView(proposal.disqualifications),
    };
  const { parts, total, unit, costUnit, threshold, cheapest, fewest, findings } = proposal;
  const choice = (one: ScopeChoice | Disqualified): ScopeProposalView['cheapest'] =>
    one.ok
      ? {
          partIds: [...one.ids],
          sampledClusterIds: [...one.sampledClusterIds],
          quantity: one.quantity,
          share_percent: one.share_percent,
          cost: costOfParts(proposal, one.ids),
          days: daysOf(parts, one.ids),
          isOptimal: one.isOptimal,
          leastCost: one.leastCost,
        }
      : null;
  return {
    basis: computed.rule.basis,
    unit,
    costUnit,
    total,
    threshold,
    effort: entered,
    uses: proposal.uses.map((use) => ({ ...use })),
    parts: parts.map(({ clusterId, use, ...part }) => ({
      ...part,
      use: use && { ...use },
      share_percent: divideDecimal(multiplyDecimal(part.quantity, '100'), total, {
        digits: 2,
        rounding: 'down',
      }),
      cluster: clusterName(clusterId),
    })),
    clusters: effort.clusters.map((cluster) => ({
      id: cluster.id,
      name: cluster.name,
      required: cluster.justification.trim() === '' ? null : requiredMembers(cluster, computed.rule),
    })),
    cheapest: choice(cheapest),
    fewest: choice(fewest),
    findings: findingsView([...findings, ...(cheapest.ok ? [] : cheapest.disqualifications)]),
  };
}

const daysOf = (parts: ScopeProposal['parts'], ids: readonly string[]): string =>
  parts.filter(({ id }) => ids.includes(id)).reduce((sum, part) => addDecimal(sum, part.auditorDays), '0.00');

const findingsView = (findings: Disqualified['disqualifications']): ScopeProposalView['findings'] =>
  findings.map(({ code, message, data }) => ({ code, message, data: { ...data } }));

/**
 * Clusters of alike sites: where the rule in force knows sampling, enough audited members let the whole cluster count.
 * Membership and the reason for calling the sites alike are stated by the auditor and stand in the report.
 */
import { type AuditRule, sampleSize } from './audit-rule.ts';
import { type Finding, finding } from './finding.ts';

export interface SiteCluster {
  readonly id: string;
  readonly name: string;
  readonly siteIds: readonly string[];
  readonly justification: string;
  /** Members that must be audited, as the auditor states it where the rule gives no formula. */
  readonly statedSize: number | null;
}

export interface ClusterResult {
  readonly cluster: SiteCluster;
  /** Members that must be audited; null: the rule knows no sampling, or leaves the number to be stated. */
  readonly required: number | null;
  readonly audited: number;
  /** Whether all of it counts. */
  readonly counts: boolean;
  /** Why not; null where it counts. */
  readonly finding: Finding | null;
}

/** Members of a cluster that must be audited under a rule. */
export const requiredMembers = (cluster: SiteCluster, rule: Pick<AuditRule, 'sampling'>): number | null =>
  rule.sampling === null
    ? null
    : (sampleSize(rule.sampling.value, cluster.siteIds.length) ?? cluster.statedSize);

/** Whether a cluster counts whole, given the sites that are audited. */
export function judgeCluster(
  cluster: SiteCluster,
  rule: Pick<AuditRule, 'id' | 'sampling'>,
  auditedSiteIds: ReadonlySet<string>,
): ClusterResult {
  const required = requiredMembers(cluster, rule);
  const audited = cluster.siteIds.filter((id) => auditedSiteIds.has(id)).length;
  const because = (code: string, message: string): ClusterResult => ({
    cluster,
    required,
    audited,
    counts: false,
    finding: finding(code, message, { cluster: cluster.name, required, audited, of: cluster.siteIds.length }),
  });
  if (rule.sampling === null)
    return because('samplingUnknown', 'The rule in force knows no sampling; each site counts for itself');
  if (cluster.justification.trim() === '')
    return because('clusterUnjustified', 'It is not said why the sites of the cluster are alike');
  if (required === null)
    return because('sampleSizeUnstated', 'The rule gives no formula; the auditor has to state the number');
  if (audited < required) return because('sampleTooSmall', 'Too few sites of the cluster are audited');
  return { cluster, required, audited, counts: true, finding: null };
}

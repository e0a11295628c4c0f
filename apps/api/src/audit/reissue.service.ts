import { Injectable } from '@nestjs/common';
import type { ReportReissue, ReportReissueView } from '@wattproof/contracts/api';
import { findReport, type ReportRecord } from '@wattproof/database';
import type { Scope } from '@wattproof/database/queries';
import type { VersionChanges } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import { Resources } from '../resources.ts';
import { requireVisible } from './audit.service.ts';
import { changesView } from './report-change.ts';

/** What a re-issue's snapshot says of it, as the workers stored it. */
type StoredReissue = Pick<ReportReissue, 'differences' | 'unchanged'> &
  VersionChanges & {
    readonly documentId: string;
    readonly sha256: string;
    readonly signature: { readonly name: string; readonly at: string };
  };

@Injectable()
export class ReissueService {
  constructor(private readonly resources: Resources) {}

  one(scope: Scope, documentId: string): Promise<ReportReissueView> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const found = async (id: string): Promise<ReportRecord> => {
        const report = await findReport(client, scope, id);
        if (!report) throw new AppError('notFound', `There is no report ${id}`);
        await requireVisible(client, scope, report.auditId);
        return report;
      };
      const { name, snapshot } = await found(documentId);
      const { reissue } = snapshot as { readonly reissue?: StoredReissue };
      if (!reissue) return { documentId, name, reissue: null };
      const { sha256, signature, differences, unchanged } = reissue;
      const replaced = await found(reissue.documentId);
      return {
        documentId,
        name,
        reissue: {
          replaced: {
            documentId: replaced.id,
            name: replaced.name,
            sha256,
            signature: { name: signature.name, at: signature.at },
          },
          changes: changesView(reissue),
          differences,
          unchanged,
        },
      };
    });
  }
}

import { Injectable } from '@nestjs/common';
import type { EnpiDetail, EnpiSummary } from '@wattproof/contracts/api';
import { findEnpi, listEnpis, type Scope } from '@wattproof/database/queries';
import { AppError } from '@wattproof/runtime';
import { Resources } from '../resources.ts';
import { enpiDetailView, enpiSummaryView } from './enpi-view.ts';

@Injectable()
export class EnpiService {
  constructor(private readonly resources: Resources) {}

  list(scope: Scope): Promise<EnpiSummary[]> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) =>
      (await listEnpis(client, scope)).map(enpiSummaryView),
    );
  }

  detail(scope: Scope, enpiId: string): Promise<EnpiDetail> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const found = await findEnpi(client, scope, enpiId);
      if (!found) throw new AppError('notFound', `There is no EnPI ${enpiId}`);
      return enpiDetailView(found);
    });
  }
}

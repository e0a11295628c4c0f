import { Body, Controller, Param, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  type AuditDetail,
  type AuditEffortWish,
  type AuditSummary,
  applyScope,
  auditDetail,
  auditEffort,
  audits,
  type JobRun,
  jobRun,
  requestReport,
  type ScopeProposalView,
  scopeProposal,
  setAuditScope,
  uuid,
} from '@wattproof/contracts/api';
import type { Response } from 'express';
import type { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { AuditService } from './audit.service.ts';
import { DocumentService } from './document.service.ts';
import { ScopeService } from './scope.service.ts';

@ApiTags('Audits')
@Controller()
export class AuditController {
  constructor(
    private readonly service: AuditService,
    private readonly documents: DocumentService,
    private readonly scopes: ScopeService,
  ) {}

  @Endpoint('GET /audits', {
    access: 'audit:read',
    summary:
      'Audits by legal entity: coverage on the basis in force, the guide beside it, measured share apart',
    answer: audits,
  })
  async list(@CalledBy() caller: Caller): Promise<{ audits: AuditSummary[] }> {
    return { audits: await this.service.list(caller.scope) };
  }

  @Endpoint('GET /audits/:auditId', {
    access: 'audit:read',
    summary: 'One audit with its energy account, matrix, measured share and documents',
    answer: auditDetail,
  })
  detail(
    @CalledBy() caller: Caller,
    @Param('auditId', { schema: uuid }) auditId: string,
  ): Promise<AuditDetail> {
    return this.service.detail(caller.scope, auditId);
  }

  @Endpoint('PUT /audits/:auditId/scope/:deliveryPointId', {
    access: 'audit:write',
    summary: 'Puts a delivery point into the audited scope, or leaves it out with the reason',
    answer: auditDetail,
  })
  setScope(
    @CalledBy() caller: Caller,
    @Param('auditId', { schema: uuid }) auditId: string,
    @Param('deliveryPointId', { schema: uuid }) deliveryPointId: string,
    @Body({ schema: setAuditScope }) body: z.infer<typeof setAuditScope>,
  ): Promise<AuditDetail> {
    return this.service.setScope(caller, { auditId, deliveryPointId, ...body });
  }

  @Endpoint('GET /audits/:auditId/scope-proposal', {
    access: 'audit:read',
    summary:
      'What to audit to reach the threshold: at the least cost, with its proof, and with the fewest places',
    answer: scopeProposal,
  })
  scopeProposal(
    @CalledBy() caller: Caller,
    @Param('auditId', { schema: uuid }) auditId: string,
  ): Promise<ScopeProposalView> {
    return this.scopes.proposal(caller.scope, auditId);
  }

  @Endpoint('PUT /audits/:auditId/effort', {
    access: 'audit:write',
    summary: 'States what auditing each site costs, which must be audited, and which are alike',
    answer: scopeProposal,
  })
  saveEffort(
    @CalledBy() caller: Caller,
    @Param('auditId', { schema: uuid }) auditId: string,
    @Body({ schema: auditEffort }) body: AuditEffortWish,
  ): Promise<ScopeProposalView> {
    return this.scopes.saveEffort(caller, auditId, body);
  }

  @Endpoint('PUT /audits/:auditId/scope', {
    access: 'audit:write',
    summary: 'Audits these sites and leaves all others out for the reason',
    answer: auditDetail,
  })
  applyScope(
    @CalledBy() caller: Caller,
    @Param('auditId', { schema: uuid }) auditId: string,
    @Body({ schema: applyScope }) body: z.infer<typeof applyScope>,
  ): Promise<AuditDetail> {
    return this.scopes.apply(caller, auditId, body);
  }

  @Endpoint('POST /audits/:auditId/reports', {
    access: 'audit:read',
    status: 202,
    summary: 'Asks for the audit report; its job run tells the progress and, at its end, the document',
    answer: jobRun,
  })
  requestReport(
    @CalledBy() caller: Caller,
    @Param('auditId', { schema: uuid }) auditId: string,
    @Body({ schema: requestReport }) body: z.infer<typeof requestReport>,
  ): Promise<JobRun> {
    return this.service.requestReport(caller, auditId, body.locale);
  }

  @Endpoint('GET /documents/:documentId', {
    access: 'audit:read',
    summary: 'The bytes of a document, exactly as they were made',
    produces: 'application/pdf',
  })
  document(
    @CalledBy() caller: Caller,
    @Param('documentId', { schema: uuid }) documentId: string,
    @Res() response: Response,
  ): Promise<void> {
    return this.documents.download(caller.scope, documentId, response);
  }
}

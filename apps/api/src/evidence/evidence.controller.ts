import { Body, Controller, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  type EvidenceBundles,
  type EvidenceRecords,
  type EvidenceState,
  evidenceBundles,
  evidenceRecords,
  evidenceRecordsQuery,
  evidenceState,
  type JobRun,
  jobRun,
  revokeKey,
  uuid,
} from '@wattproof/contracts/api';
import type { Response } from 'express';
import { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { BundleService } from './bundle.service.ts';
import { EvidenceService } from './evidence.service.ts';

const fingerprint = z.string().regex(/^[0-9a-f-]{64,79}$/);

@ApiTags('Evidence')
@Controller()
export class EvidenceController {
  constructor(
    private readonly service: EvidenceService,
    private readonly bundles: BundleService,
  ) {}

  @Endpoint('GET /evidence', {
    access: 'audit:read',
    summary: 'Anchor of the chain of records and fingerprints of the keys: what is given out beside a bundle',
    answer: evidenceState,
  })
  state(@CalledBy() caller: Caller): Promise<EvidenceState> {
    return this.service.state(caller.scope);
  }

  @Endpoint('GET /evidence/records', {
    access: 'audit:read',
    summary: 'The chain of records, the newest first, two hundred at a time',
    answer: evidenceRecords,
  })
  records(
    @CalledBy() caller: Caller,
    @Query({ schema: evidenceRecordsQuery }) query: z.infer<typeof evidenceRecordsQuery>,
  ): Promise<EvidenceRecords> {
    return this.service.records(caller.scope, query);
  }

  @Endpoint('POST /evidence/keys', {
    access: 'settings:write',
    summary: 'A new key takes over the signing; the one before endorses it',
    answer: evidenceState,
  })
  rotate(@CalledBy() caller: Caller): Promise<EvidenceState> {
    return this.service.rotate(caller);
  }

  @Endpoint('POST /evidence/keys/:fingerprint/revocation', {
    access: 'settings:write',
    summary: 'Says that a key is no longer to be trusted, and why',
    answer: evidenceState,
  })
  revoke(
    @CalledBy() caller: Caller,
    @Param('fingerprint', { schema: fingerprint }) of: string,
    @Body({ schema: revokeKey }) body: z.infer<typeof revokeKey>,
  ): Promise<EvidenceState> {
    return this.service.revoke(caller, of, body.reason);
  }

  @Endpoint('GET /evidence/verifier', {
    access: 'public',
    summary: 'The verifier in one file: node verify.mjs BUNDLE',
    produces: 'text/javascript',
  })
  verifier(@Res() response: Response): Promise<void> {
    return this.bundles.verifier(response);
  }

  @Endpoint('GET /audits/:auditId/bundles', {
    access: 'audit:read',
    summary: 'Evidence bundles of an audit, the newest first',
    answer: evidenceBundles,
  })
  list(
    @CalledBy() caller: Caller,
    @Param('auditId', { schema: uuid }) auditId: string,
  ): Promise<EvidenceBundles> {
    return this.bundles.list(caller.scope, auditId);
  }

  @Endpoint('POST /audits/:auditId/bundles', {
    access: 'audit:read',
    status: 202,
    summary:
      'Asks for an evidence bundle; its job run tells the progress and, at its end, fingerprint and anchor',
    answer: jobRun,
  })
  request(@CalledBy() caller: Caller, @Param('auditId', { schema: uuid }) auditId: string): Promise<JobRun> {
    return this.bundles.request(caller, auditId);
  }

  @Endpoint('GET /bundles/:bundleId', {
    access: 'audit:read',
    summary: 'The bytes of an evidence bundle, exactly as they were issued',
    produces: 'application/zip',
  })
  download(
    @CalledBy() caller: Caller,
    @Param('bundleId', { schema: uuid }) bundleId: string,
    @Res() response: Response,
  ): Promise<void> {
    return this.bundles.download(caller.scope, bundleId, response);
  }
}

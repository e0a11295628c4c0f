import { Body, Controller, Param, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import {
  type AuditDossierView,
  type AuditSending,
  auditDossier,
  auditSending,
  type JobRun,
  jobRun,
  type NewReportScheduleWish,
  nameAuditor,
  newReportSchedule,
  photoQuery,
  type ReportReissueView,
  reissueReport,
  reportReissue,
  saveDossier,
  sendReport,
  signReport,
  translateReport,
  uuid,
} from '@wattproof/contracts/api';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { DossierService } from './dossier.service.ts';
import { ReissueService } from './reissue.service.ts';
import { SendingService } from './sending.service.ts';
import { SigningService } from './signing.service.ts';

@ApiTags('Audit reports')
@Controller()
export class DossierController {
  constructor(
    private readonly dossiers: DossierService,
    private readonly signing: SigningService,
    private readonly sending: SendingService,
    private readonly reissues: ReissueService,
  ) {}

  @Endpoint('GET /audits/:auditId/dossier', {
    access: 'audit:read',
    summary: 'What people state for the report: words, visits, parts, measures, photos; and what is open',
    answer: auditDossier,
  })
  dossier(
    @CalledBy() caller: Caller,
    @Param('auditId', { schema: uuid }) auditId: string,
  ): Promise<AuditDossierView> {
    return this.dossiers.one(caller.scope, auditId);
  }

  @Endpoint('PUT /audits/:auditId/dossier', {
    access: 'audit:report',
    summary: 'Replaces what is stated, from the version that was read',
    answer: auditDossier,
  })
  saveDossier(
    @CalledBy() caller: Caller,
    @Param('auditId', { schema: uuid }) auditId: string,
    @Body({ schema: saveDossier }) body: z.output<typeof saveDossier>,
  ): Promise<AuditDossierView> {
    return this.dossiers.save(caller, auditId, body);
  }

  @Endpoint('PUT /audits/:auditId/auditor', {
    access: 'audit:write',
    summary: 'Names the auditor, who alone may sign',
    answer: auditDossier,
  })
  nameAuditor(
    @CalledBy() caller: Caller,
    @Param('auditId', { schema: uuid }) auditId: string,
    @Body({ schema: nameAuditor }) body: z.output<typeof nameAuditor>,
  ): Promise<AuditDossierView> {
    return this.dossiers.nameAuditor(caller, auditId, body.userId);
  }

  @Endpoint('POST /audits/:auditId/photos', {
    access: 'audit:report',
    status: 201,
    summary: 'Adds a photo to a section; what its camera wrote into it is taken out',
    answer: auditDossier,
  })
  @ApiConsumes('image/jpeg', 'image/png', 'image/webp')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  addPhoto(
    @CalledBy() caller: Caller,
    @Param('auditId', { schema: uuid }) auditId: string,
    @Query({ schema: photoQuery }) query: z.output<typeof photoQuery>,
    @Body() content: unknown,
  ): Promise<AuditDossierView> {
    return this.dossiers.addPhoto(caller, auditId, query, content);
  }

  @Endpoint('GET /audit-photos/:photoId', {
    access: 'audit:read',
    summary: 'The bytes of a photo as they are kept',
    produces: 'image/jpeg',
  })
  photo(
    @CalledBy() caller: Caller,
    @Param('photoId', { schema: uuid }) photoId: string,
    @Res() response: Response,
  ): Promise<void> {
    return this.dossiers.photo(caller.scope, photoId, response);
  }

  @Endpoint('DELETE /audit-photos/:photoId', {
    access: 'audit:report',
    status: 204,
    summary: 'Takes a photo out of the reports to come; those that show it keep it',
  })
  removePhoto(
    @CalledBy() caller: Caller,
    @Param('photoId', { schema: uuid }) photoId: string,
  ): Promise<void> {
    return this.dossiers.removePhoto(caller, photoId);
  }

  @Endpoint('POST /audits/:auditId/signatures', {
    access: 'audit:sign',
    status: 202,
    summary: 'The named auditor signs a draft with their password; the signed report is made of its data',
    answer: jobRun,
  })
  sign(
    @CalledBy() caller: Caller,
    @Req() request: Request,
    @Param('auditId', { schema: uuid }) auditId: string,
    @Body({ schema: signReport }) body: z.output<typeof signReport>,
  ): Promise<JobRun> {
    return this.signing.sign(caller, auditId, body, request.headers);
  }

  @Endpoint('POST /documents/:documentId/languages', {
    access: 'audit:read',
    status: 202,
    summary: 'Asks for the same report in another language: the same data and signature',
    answer: jobRun,
  })
  inLanguage(
    @CalledBy() caller: Caller,
    @Param('documentId', { schema: uuid }) documentId: string,
    @Body({ schema: translateReport }) body: z.output<typeof translateReport>,
  ): Promise<JobRun> {
    return this.signing.inLanguage(caller, documentId, body.locale);
  }

  @Endpoint('POST /documents/:documentId/reissues', {
    access: 'audit:report',
    status: 202,
    summary:
      'Computes a signed report again with the formulas that run now: a draft that replaces it once it is signed; refused where nothing changed',
    answer: jobRun,
  })
  reissue(
    @CalledBy() caller: Caller,
    @Param('documentId', { schema: uuid }) documentId: string,
    @Body({ schema: reissueReport }) body: z.output<typeof reissueReport>,
  ): Promise<JobRun> {
    return this.signing.reissue(caller, documentId, body.locale);
  }

  @Endpoint('GET /documents/:documentId/reissue', {
    access: 'audit:read',
    summary: 'What a re-issued report says otherwise than the one it replaces, figure by figure, and why',
    answer: reportReissue,
  })
  reissueOf(
    @CalledBy() caller: Caller,
    @Param('documentId', { schema: uuid }) documentId: string,
  ): Promise<ReportReissueView> {
    return this.reissues.one(caller.scope, documentId);
  }

  @Endpoint('GET /audits/:auditId/sending', {
    access: 'audit:read',
    summary: 'Schedules of the reports of an audit, and the mails with what became of them',
    answer: auditSending,
  })
  sendingState(
    @CalledBy() caller: Caller,
    @Param('auditId', { schema: uuid }) auditId: string,
  ): Promise<AuditSending> {
    return this.sending.state(caller.scope, auditId);
  }

  @Endpoint('POST /audits/:auditId/schedules', {
    access: 'audit:write',
    status: 201,
    summary: 'Has a report made and sent regularly',
    answer: auditSending,
  })
  schedule(
    @CalledBy() caller: Caller,
    @Param('auditId', { schema: uuid }) auditId: string,
    @Body({ schema: newReportSchedule }) body: NewReportScheduleWish,
  ): Promise<AuditSending> {
    return this.sending.schedule(caller, auditId, body);
  }

  @Endpoint('DELETE /report-schedules/:scheduleId', {
    access: 'audit:write',
    status: 204,
    summary: 'Ends a schedule; mails that are written already are sent',
  })
  endSchedule(
    @CalledBy() caller: Caller,
    @Param('scheduleId', { schema: uuid }) scheduleId: string,
  ): Promise<void> {
    return this.sending.endSchedule(caller, scheduleId);
  }

  @Endpoint('POST /documents/:documentId/mails', {
    access: 'audit:write',
    status: 201,
    summary: 'Sends a report that was made, attached or as a link',
    answer: auditSending,
  })
  send(
    @CalledBy() caller: Caller,
    @Param('documentId', { schema: uuid }) documentId: string,
    @Body({ schema: sendReport }) body: z.output<typeof sendReport>,
  ): Promise<AuditSending> {
    return this.sending.send(caller, documentId, body);
  }

  @Endpoint('POST /mails/:mailId/retry', {
    access: 'audit:write',
    status: 204,
    summary: 'Lets a mail that was not sent be tried at once',
  })
  retry(@CalledBy() caller: Caller, @Param('mailId', { schema: uuid }) mailId: string): Promise<void> {
    return this.sending.retry(caller, mailId);
  }
}

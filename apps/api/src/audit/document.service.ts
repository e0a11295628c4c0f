import { Injectable } from '@nestjs/common';
import { findDocument, isAuditVisible, type Scope } from '@wattproof/database/queries';
import { AppError } from '@wattproof/runtime';
import type { Response } from 'express';
import type { PoolClient } from 'pg';
import { Resources } from '../resources.ts';

@Injectable()
export class DocumentService {
  constructor(private readonly resources: Resources) {}

  /** Name of a document's file, as people receive it. */
  async fileName(client: PoolClient, scope: Scope, documentId: string): Promise<string> {
    const document = await findDocument(client, scope, documentId);
    if (!document) throw new AppError('notFound', `There is no document ${documentId}`);
    return fileName(document);
  }

  async download(scope: Scope, documentId: string, response: Response): Promise<void> {
    const document = await this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const found = await findDocument(client, scope, documentId);
      const isVisible = found && (!found.auditId || (await isAuditVisible(client, scope, found.auditId)));
      if (!isVisible) throw new AppError('notFound', `There is no document ${documentId}`);
      return found;
    });
    response
      .type(document.mediaType)
      .set({
        'content-disposition': attachment(fileName(document)),
        'content-length': String(document.content.length),
        // Who has the bytes can compare them with the digest on the page of the audit.
        'repr-digest': `sha-256=:${Buffer.from(document.sha256, 'hex').toString('base64')}:`,
      })
      .end(document.content);
  }
}

/** A report is named for people; the file of it says what it is to their machine. */
const fileName = ({ name, mediaType }: { readonly name: string; readonly mediaType: string }): string =>
  mediaType === 'application/pdf' && !name.endsWith('.pdf') ? `${name}.pdf` : name;

/** RFC 6266: a plain name for old clients, the real one in UTF-8 beside it. */
export const attachment = (name: string): string =>
  `attachment; filename="${name.replaceAll(/[^\w. -]/g, '_')}"; filename*=UTF-8''${encodeURIComponent(name)}`;

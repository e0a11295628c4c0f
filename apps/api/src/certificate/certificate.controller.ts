import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Certificate, certificate } from '@wattproof/contracts/api';
import { Endpoint } from '../http/endpoint.ts';
import { CertificateService } from './certificate.service.ts';

@ApiTags('Performance')
@Controller('certificate')
export class CertificateController {
  constructor(private readonly service: CertificateService) {}

  @Endpoint('GET /', {
    access: 'performance:read',
    summary: 'Calculation certificate: the published reference cases, run now on the running version',
    answer: certificate,
  })
  read(): Promise<Certificate> {
    return this.service.read();
  }
}

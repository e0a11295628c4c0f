import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Me } from '@wattproof/contracts/api';
import { me } from '@wattproof/contracts/api';
import { CalledBy, type Caller } from '../access/caller.ts';
import { Endpoint } from '../http/endpoint.ts';
import { MeService } from './me.service.ts';

@ApiTags('Me')
@Controller()
export class MeController {
  constructor(private readonly service: MeService) {}

  @Endpoint('GET /me', {
    access: 'signedIn',
    summary: 'Who is signed in, where, and what they may do',
    answer: me,
  })
  me(@CalledBy() caller: Caller): Promise<Me> {
    return this.service.describe(caller);
  }
}

import { StandardSchemaValidationPipe } from '@nestjs/common';
import { AppError } from '@wattproof/runtime';

type Issues = readonly {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}[];

const pathOf = (issue: Issues[number]): string =>
  (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');

/** Bodies, queries and path parts by the zod schema their parameter names; every fault is told, by field. */
export const validationPipe = (): StandardSchemaValidationPipe =>
  new StandardSchemaValidationPipe({
    exceptionFactory: (issues: Issues) => {
      const errors = issues.slice(0, 100).map((issue) => ({ path: pathOf(issue), message: issue.message }));
      const [first] = errors;
      return new AppError(
        'invalid',
        first ? `${first.path || 'request'}: ${first.message}` : 'The request is not valid',
        {
          errors,
        },
      );
    },
  });

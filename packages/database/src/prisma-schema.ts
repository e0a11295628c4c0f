import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface PrismaColumn {
  readonly table: string;
  readonly column: string;
  /** As PostgreSQL prints it. */
  readonly type: string;
  readonly nullable: boolean;
}
export interface PrismaKey {
  readonly table: string;
  readonly kind: 'primary' | 'unique' | 'foreign';
  readonly columns: readonly string[];
}
export interface PrismaSchema {
  readonly columns: readonly PrismaColumn[];
  readonly keys: readonly PrismaKey[];
}

const plainTypes: Readonly<Record<string, string>> = {
  String: 'text',
  Int: 'integer',
  BigInt: 'bigint',
  Float: 'double precision',
  Boolean: 'boolean',
  Json: 'jsonb',
  Bytes: 'bytea',
};
const nativeTypes: Readonly<Record<string, string>> = {
  Uuid: 'uuid',
  SmallInt: 'smallint',
  Date: 'date',
  'Timestamptz(6)': 'timestamp with time zone',
};

/** `prisma/schema.prisma` reduced to what a database can be compared with. Reads the subset of Prisma's language in use there. */
export async function readPrismaSchema(
  path = join(import.meta.dirname, '../../../prisma/schema.prisma'),
): Promise<PrismaSchema> {
  const text = await readFile(path, 'utf8');
  const models = [...text.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)];
  const names = new Set(models.map(([, name]) => name));
  const columns: PrismaColumn[] = [];
  const keys: PrismaKey[] = [];
  for (const [, , body = ''] of models) {
    const table = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? '';
    const columnOf = new Map<string, string>();
    for (const line of body.split('\n')) {
      const [, field, type, list, optional, rest = ''] =
        /^ {2}(\w+)\s+(Unsupported\("[^"]+"\)|\w+)(\[\])?(\?)?(.*)$/.exec(line) ?? [];
      if (!field || !type || names.has(type)) continue;
      const column = /@map\("(\w+)"\)/.exec(rest)?.[1] ?? field;
      columnOf.set(field, column);
      columns.push({
        table,
        column,
        type: `${databaseType(type, rest)}${list ?? ''}`,
        nullable: optional === '?',
      });
      if (/@id\b/.test(rest)) keys.push({ table, kind: 'primary', columns: [column] });
      if (/@unique\b/.test(rest)) keys.push({ table, kind: 'unique', columns: [column] });
    }
    const listed = (fields: string): string[] =>
      fields.split(', ').map((field) => columnOf.get(field) ?? field);
    for (const [, kind, fields = ''] of body.matchAll(/@@(id|unique)\(\[([^\]]+)\]/g))
      keys.push({ table, kind: kind === 'id' ? 'primary' : 'unique', columns: listed(fields) });
    for (const [, fields = ''] of body.matchAll(/@relation\([^\n]*fields: \[([^\]]+)\]/g))
      keys.push({ table, kind: 'foreign', columns: listed(fields) });
  }
  const order = (c: PrismaColumn): string => `${c.table} ${c.column}`;
  return { columns: columns.sort((a, b) => (order(a) < order(b) ? -1 : 1)), keys };
}

function databaseType(type: string, rest: string): string {
  const unsupported = /^Unsupported\("([^"]+)"\)$/.exec(type)?.[1];
  if (unsupported) return unsupported;
  const native = /@db\.(\w+(?:\([^)]*\))?)/.exec(rest)?.[1];
  if (!native) {
    const plain = plainTypes[type];
    if (!plain) throw new Error(`prisma/schema.prisma: no column type for ${type} ${rest}`);
    return plain;
  }
  const [, name, size] = /^(\w+)\(([^)]*)\)$/.exec(native) ?? [];
  if (name === 'Char') return `character(${size})`;
  if (name === 'Decimal') return `numeric(${size?.replace(' ', '')})`;
  const known = nativeTypes[native];
  if (!known) throw new Error(`prisma/schema.prisma: no column type for @db.${native}`);
  return known;
}

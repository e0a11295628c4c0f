'use client';
import { Field } from './field.tsx';

const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Media type that a table is sent with. */
export const tableType = (file: File): string =>
  file.name.toLowerCase().endsWith('.xlsx') ? workbookType : 'text/csv';

/** A file to be checked and sent. */
export function FileField({
  label,
  help,
  accept,
  className,
  onFile,
}: {
  readonly label: string;
  readonly help?: string;
  readonly accept: string;
  readonly className?: string | undefined;
  readonly onFile: (file: File | null) => void;
}) {
  return (
    <Field label={label} help={help}>
      {(control) => (
        <input
          {...control}
          type="file"
          accept={accept}
          className={className}
          // The same file may be chosen again once it is mended.
          onClick={(event) => {
            event.currentTarget.value = '';
          }}
          onChange={(event) => onFile(event.target.files?.[0] ?? null)}
        />
      )}
    </Field>
  );
}

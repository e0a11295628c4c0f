import type { ObligedUnit } from '@wattproof/contracts/api';

/** Octets of a line of an iCalendar file, without its end (RFC 5545, 3.1). */
const lineLimit = 75;

/** Long lines go on in the next one after a space; no character is torn. */
function folded(line: string): string {
  const parts: string[] = [];
  let part = '';
  for (const character of line) {
    if (Buffer.byteLength(part + character) > (parts.length === 0 ? lineLimit : lineLimit - 1)) {
      parts.push(part);
      part = '';
    }
    part += character;
  }
  return [...parts, part].join('\r\n ');
}

const escaped = (text: string): string => text.replace(/[\\;,]/g, '\\$&').replaceAll('\n', '\\n');
const day = (date: string): string => date.replaceAll('-', '');
const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

const titles: Readonly<Record<ObligedUnit['calendar'][number]['kind'], string>> = {
  due: 'due',
  judged: 'size is judged',
  certificateEnds: 'certificate ends',
};

/** The calendar of units as an iCalendar file: whole days, each with an alarm on the days to be reminded on. */
export function calendarFile(units: readonly ObligedUnit[], now: Date): string {
  const stamp = `${now.toISOString().replace(/[-:]|\.\d+/g, '')}`;
  const events = units.flatMap((unit) =>
    unit.calendar.map((entry) => [
      'BEGIN:VEVENT',
      `UID:${escaped(`${unit.id}-${entry.key.replaceAll(' ', '-')}@wattproof`)}`,
      `DTSTAMP:${stamp}`,
      `DTSTART;VALUE=DATE:${day(entry.date)}`,
      `SUMMARY:${escaped(`${unit.name}: ${entry.ruleId ?? entry.certificate}, ${titles[entry.kind]}`)}`,
      ...(entry.isCertain
        ? []
        : [`DESCRIPTION:${escaped('The rule was not checked against its source; this is no verdict.')}`]),
      ...entry.remindOn.flatMap((date) => [
        'BEGIN:VALARM',
        'ACTION:DISPLAY',
        `DESCRIPTION:${escaped(unit.name)}`,
        `TRIGGER:-P${daysBetween(date, entry.date)}D`,
        'END:VALARM',
      ]),
      'END:VEVENT',
    ]),
  );
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Wattproof//Obligations//EN',
    'CALSCALE:GREGORIAN',
    ...events.flat(),
    'END:VCALENDAR',
    '',
  ]
    .map(folded)
    .join('\r\n');
}

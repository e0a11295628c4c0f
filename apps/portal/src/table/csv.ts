/** CSV as spreadsheets read it: semicolons, quoted where needed, UTF-8 with a byte order mark, CRLF. */
export function csvText(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => {
    // A cell that begins like a formula is made text, so that a spreadsheet does not run it.
    const safe = /^[=+@\t\r]/.test(text) || /^-(?!\d)/.test(text) ? `'${text}` : text;
    return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return `\ufeff${rows.map((row) => row.map(cell).join(';')).join('\r\n')}\r\n`;
}

/** Hands a made file to the person. */
export function saveFile(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

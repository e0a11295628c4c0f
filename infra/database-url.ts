/** The same database with the account of another role. */
export function databaseUrlOf(adminDatabaseUrl: string, role: string, password: string): string {
  const url = new URL(adminDatabaseUrl);
  url.username = role;
  url.password = password;
  return url.href;
}

/** Another database of the same server, with the same account. */
export function onDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** The same database with the account of another role. */
export function databaseUrlOf(adminDatabaseUrl: string, role: string, password: string): string {
  const url = new URL(adminDatabaseUrl);
  url.username = role;
  url.password = password;
  return url.href;
}

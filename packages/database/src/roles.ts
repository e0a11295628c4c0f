/** Roles of the processes. `wattproof_owner` owns every table and cannot log in. */
export const loginRoles = [
  'wattproof_api',
  'wattproof_ingestion',
  'wattproof_worker',
  'wattproof_auth',
  'wattproof_reader',
] as const;
export type LoginRole = (typeof loginRoles)[number];
export type RolePasswords = Readonly<Record<LoginRole, string>>;

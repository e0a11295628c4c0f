import type { Role } from '@wattproof/energy';

/** Acts that the API guards; a person has them by role, an API key by scope. */
export const permissions = [
  'portfolio:read',
  'site:read',
  'meter:write',
  'performance:read',
  'performance:write',
  'money:read',
  'money:write',
  'audit:read',
  'audit:write',
  'audit:report',
  'audit:sign',
  'alarm:read',
  'alarm:acknowledge',
  'alarm:write',
  'field:read',
  'field:write',
  'data:export',
  'settings:read',
  'settings:write',
] as const;
export type Permission = (typeof permissions)[number];

/** The one table of who may do what; the portal shows what it grants, the API enforces it. */
export const rolePermissions: Readonly<Record<Role, readonly Permission[]>> = {
  admin: permissions,
  energyManager: [
    'portfolio:read',
    'site:read',
    'meter:write',
    'performance:read',
    'performance:write',
    'money:read',
    'money:write',
    'audit:read',
    'audit:write',
    'audit:report',
    'alarm:read',
    'alarm:acknowledge',
    'alarm:write',
    'field:read',
    'data:export',
  ],
  auditor: [
    'portfolio:read',
    'site:read',
    'performance:read',
    'money:read',
    'audit:read',
    'audit:report',
    'audit:sign',
    'field:read',
    'data:export',
  ],
  corporate: [
    'portfolio:read',
    'site:read',
    'performance:read',
    'money:read',
    'audit:read',
    'alarm:read',
    'data:export',
  ],
  installer: [
    'site:read',
    'meter:write',
    'alarm:read',
    'alarm:acknowledge',
    'field:read',
    'field:write',
    'data:export',
  ],
  operator: ['site:read', 'alarm:read', 'alarm:acknowledge'],
};

/** What an API key's scope grants. */
export const scopePermissions = {
  read: [
    'portfolio:read',
    'site:read',
    'performance:read',
    'money:read',
    'audit:read',
    'alarm:read',
    'field:read',
    'data:export',
  ],
  // A signature is a person's: no key gives one.
  write: permissions.filter((p) => !['settings:write', 'settings:read', 'audit:sign'].includes(p)),
} as const satisfies Readonly<Record<'read' | 'write', readonly Permission[]>>;

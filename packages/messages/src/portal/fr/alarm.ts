export const alarm = {} as const;

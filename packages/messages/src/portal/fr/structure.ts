export const structure = {} as const;

/** Longitudinal check of Modbus ASCII: the two's complement of the sum of the bytes, modulo 256. */
export const lrc = (bytes: Uint8Array): number => -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;

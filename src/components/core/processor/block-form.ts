/** Inputs that share a scale where matrices stay in blocks of 8 bits. */
export const blockInputs = 32;

/** Bytes of a panel's block: 8 columns x 32 values, a start of each column's sum (int32), its scale (float32). */
export const panelBlock = {start: 256, scale: 288, bytes: 320} as const;

/** Bytes of a row's block: upper and lower 7 bits of 32 numbers, and their scale (float32) in four lanes. */
export const rowBlock = {low: 32, scale: 64, bytes: 80} as const;

/** What is added to a number of 14 bits with sign so that both its parts are at least 0. */
export const offset = 8192;

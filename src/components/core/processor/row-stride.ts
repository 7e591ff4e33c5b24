/** Numbers from a row of so many to the next: rows whose distance is a power of 2 would share few places of the cache. */
export const rowStride = (width: number): number => width + 16;

/**
 * A clock in the picture that a page can read from a video: a row of light and dark cells, the highest bit first. It holds
 * the time of day in milliseconds, modulo 2^20 (about 17 minutes), and a checksum.
 */
const VALUE_BITS = 20;
const CHECK_BITS = 4;
const PERIOD_MS = 2 ** VALUE_BITS;

export const stripCells = VALUE_BITS + CHECK_BITS;

/** Where the strip is, in parts of the picture's width and height. The cells are as wide as the strip / {@link stripCells}. */
export const stripBox = { left: 0.125, top: 0.86, width: 0.75, height: 0.06 } as const;

/** @returns for each cell whether it is light. */
export function encodeClock(timeMs: number): readonly boolean[] {
  const value = Math.floor(timeMs) % PERIOD_MS;
  return [...bitsOf(value, VALUE_BITS), ...bitsOf(checksum(value), CHECK_BITS)];
}

/**
 * Reads the time from the brightness of the cells.
 *
 * @param brightness - one value per cell, 0 (black) to 255.
 * @param nowMs - the time that the clock shows is the last one before this with that value.
 * @returns milliseconds since the epoch; `null` if the picture has no readable strip.
 */
export function decodeClock(brightness: readonly number[], nowMs: number): number | null {
  if (brightness.length !== stripCells) return null;
  // In between, a picture is blurred, or there is no strip.
  if (brightness.some((each) => each > 96 && each < 160)) return null;
  const bits = brightness.map((each) => each > 128);
  const value = valueOf(bits.slice(0, VALUE_BITS));
  if (valueOf(bits.slice(VALUE_BITS)) !== checksum(value)) return null;
  const now = Math.floor(nowMs);
  const sinceMs = (((now - value) % PERIOD_MS) + PERIOD_MS) % PERIOD_MS;
  return now - sinceMs;
}

/** Not 0 for 0, so that a black picture is not read as a time. */
function checksum(value: number): number {
  let sum = 5;
  for (let rest = value; rest > 0; rest = Math.floor(rest / 16)) sum += (rest % 16) * 3 + 1;
  return sum % 2 ** CHECK_BITS;
}

function bitsOf(value: number, count: number): boolean[] {
  return Array.from({ length: count }, (_, index) => ((value >> (count - 1 - index)) & 1) === 1);
}

function valueOf(bits: readonly boolean[]): number {
  return bits.reduce((value, bit) => value * 2 + Number(bit), 0);
}

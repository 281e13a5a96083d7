/**
 * Turns a counter that wraps at `bits` (RTP sequence numbers: 16, timestamps: 32) into one
 * that does not: each value is taken as the one nearest to its predecessor.
 */
export function createUnwrapper(bits: 16 | 32): (value: number) => number {
  const range = 2 ** bits;
  let last: number | undefined;
  return (value) => {
    if (last === undefined) {
      last = value;
    } else {
      const forward = (((value - last) % range) + range) % range;
      last += forward < range / 2 ? forward : forward - range;
    }
    return last;
  };
}

/**
 * Creates a function that unwraps a counter of 16 bits (RTP sequence numbers) or 32 bits (RTP timestamps). It returns
 * the unwrapped value that is nearest to the previous one.
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

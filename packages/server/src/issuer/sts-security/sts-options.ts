/** A restriction of an STS token. */
export type StsRestriction = 'expires' | 'ip' | 'referer' | 'tag' | 'orga';

/** The vendor does not document the field. These bits follow from observed values (9, 25, 2, 12). */
const BITS: readonly (readonly [number, StsRestriction])[] = [
  [1, 'expires'],
  [2, 'ip'],
  [4, 'referer'],
  [8, 'tag'],
  [16, 'orga'],
];

export interface StsOptionsExplanation {
  readonly restrictions: readonly StsRestriction[];
  /** `orga`: the token gives access to all streams of the organisation. `streamname`: to one stream. */
  readonly target: 'streamname' | 'orga';
  /** Bits without a known meaning; 0 if there are none. */
  readonly unknownBits: number;
}

/**
 * Lists the restrictions that `options` of an STS security object encodes.
 *
 * @param options - a whole number from 0 to 65,535, as number or string.
 * @example
 * ```ts
 * explainStsOptions('9'); // { restrictions: ['expires', 'tag'], target: 'streamname', unknownBits: 0 }
 * ```
 * @throws TypeError if `options` is not such a number.
 */
export function explainStsOptions(options: string | number): StsOptionsExplanation {
  const value = typeof options === 'string' && /^\d+$/.test(options) ? Number(options) : options;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 0xffff) {
    throw new TypeError('options must be a whole number from 0 to 65,535, as number or string.');
  }
  const restrictions = BITS.filter(([bit]) => (value & bit) !== 0).map(([, name]) => name);
  const known = BITS.reduce((sum, [bit]) => sum | bit, 0);
  return {
    restrictions,
    target: restrictions.includes('orga') ? 'orga' : 'streamname',
    unknownBits: value & ~known,
  };
}

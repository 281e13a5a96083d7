/** A restriction that an STS token is bound to. */
export type StsRestriction = 'expires' | 'ip' | 'referer' | 'tag' | 'orga';

/** Told from the pairs seen (9, 25, 2, 12); the vendor does not document the field. */
const BITS: readonly (readonly [number, StsRestriction])[] = [
  [1, 'expires'],
  [2, 'ip'],
  [4, 'referer'],
  [8, 'tag'],
  [16, 'orga'],
];

export interface StsOptionsExplanation {
  readonly restrictions: readonly StsRestriction[];
  /** What a token with `orga` opens is every stream of the organisation, else one stream. */
  readonly target: 'streamname' | 'orga';
  /** Bits without a known meaning, 0 when there are none. */
  readonly unknownBits: number;
}

/**
 * Says which restrictions the `options` of an STS security object stand for.
 *
 * @throws TypeError when it is not a whole number from 0 to 65,535.
 */
export function explainStsOptions(options: string | number): StsOptionsExplanation {
  const value = typeof options === 'string' && /^\d+$/.test(options) ? Number(options) : options;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 0xffff) {
    throw new TypeError('options is a whole number from 0 to 65,535, as number or text.');
  }
  const restrictions = BITS.filter(([bit]) => (value & bit) !== 0).map(([, name]) => name);
  const known = BITS.reduce((sum, [bit]) => sum | bit, 0);
  return {
    restrictions,
    target: restrictions.includes('orga') ? 'orga' : 'streamname',
    unknownBits: value & ~known,
  };
}

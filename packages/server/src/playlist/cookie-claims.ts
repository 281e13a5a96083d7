import { isNumericDate } from '@gatecast/contract';
import * as v from 'valibot';
import type { IssuedGrant } from '../grant/grant.js';

const record = v.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
const restrictions = v.strictObject({
  ip: v.exactOptional(v.string()),
  referer: v.exactOptional(v.string()),
  tag: v.exactOptional(v.string()),
});

/** Claims `grants` and `shared` of the cookie: what several streams share is stored once. */
const packedSchema = v.object({
  /** Stream, end, id, and the index of its claims and restrictions in `shared`. */
  grants: v.array(v.strictTuple([v.string(), v.custom<number>(isNumericDate), v.string(), v.number()])),
  shared: v.array(v.strictTuple([record, restrictions])),
});

type Packed = v.InferOutput<typeof packedSchema>;

/** Packs grants for the cookie. */
export function packGrants(grants: readonly IssuedGrant[]): Packed {
  const known = new Map<string, number>();
  const shared: Packed['shared'] = [];
  const packed = grants.map((grant): Packed['grants'][number] => {
    const content: Packed['shared'][number] = [{ ...grant.claims }, grant.restrictions];
    const key = JSON.stringify(content);
    const index = known.get(key) ?? shared.push(content) - 1;
    known.set(key, index);
    return [grant.stream, grant.expiresAt, grant.id, index];
  });
  return { grants: packed, shared };
}

/** The grants of a cookie. A cookie of another form has none: a grant without its claims would allow too much. */
export function unpackGrants(claims: Readonly<Record<string, unknown>>): IssuedGrant[] {
  const result = v.safeParse(packedSchema, claims);
  if (!result.success) return [];
  const { grants, shared } = result.output;
  return grants.flatMap(([stream, expiresAt, id, index]) => {
    const content = shared[index];
    return content ? [{ stream, expiresAt, id, claims: content[0], restrictions: content[1] }] : [];
  });
}

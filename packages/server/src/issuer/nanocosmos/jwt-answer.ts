import { decodeJwt, type JWTPayload } from 'jose';
import * as v from 'valibot';
import { Problem } from '../../http/problem.js';

const answerSchema = v.object({
  success: v.literal(true),
  data: v.object({ token: v.pipe(v.string(), v.regex(/^[\w-]+\.[\w-]+\.[\w-]+$/)) }),
});

/** Returns the token of `{ success, data: { token } }`. @throws Problem `vendor-failed` */
export function tokenAnswer(answer: unknown): string {
  const result = v.safeParse(answerSchema, answer);
  if (!result.success) throw new Problem('vendor-failed', 'The vendor’s response contains no token.');
  return result.output.data.token;
}

/**
 * Returns the end of a token in NumericDate seconds: its `exp`, because the vendor may issue a shorter lifetime than
 * requested, else the requested end.
 *
 * @throws Problem `vendor-failed` if there is neither.
 */
export function tokenEnd(token: string, requested: number | undefined): number {
  const exp = claimsOf(token)?.exp;
  const end = typeof exp === 'number' && Number.isFinite(exp) ? exp : requested;
  if (end !== undefined) return end;
  throw new Problem('vendor-failed', 'The vendor’s token has no "exp", and the request named no end.', {
    hint: 'Set ttlSeconds of the issuer to a number of seconds.',
  });
}

/** Returns the claims of a JWT without verifying it; `null` if it cannot be decoded. */
export function claimsOf(token: string): JWTPayload | null {
  try {
    return decodeJwt(token);
  } catch {
    return null;
  }
}

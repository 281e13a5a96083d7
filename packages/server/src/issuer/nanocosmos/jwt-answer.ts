import { decodeJwt } from 'jose';
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

/** Returns `exp` of a token (NumericDate seconds). The vendor may issue a shorter lifetime than requested. */
export function tokenEnd(token: string): number | null {
  try {
    const { exp } = decodeJwt(token);
    return typeof exp === 'number' && Number.isFinite(exp) ? exp : null;
  } catch {
    return null;
  }
}

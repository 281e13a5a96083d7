import { decodeJwt } from 'jose';
import * as v from 'valibot';
import { Problem } from '../../http/problem.js';

const answerSchema = v.object({
  success: v.literal(true),
  data: v.object({ token: v.pipe(v.string(), v.regex(/^[\w-]+\.[\w-]+\.[\w-]+$/)) }),
});

/** The token in `{ success, data: { token } }`. @throws Problem `vendor-failed` */
export function tokenAnswer(answer: unknown): string {
  const result = v.safeParse(answerSchema, answer);
  if (!result.success) throw new Problem('vendor-failed', 'The vendor’s answer holds no token.');
  return result.output.data.token;
}

/** `exp` of a token in NumericDate seconds: the vendor may have shortened what was asked for. */
export function tokenEnd(token: string): number | null {
  try {
    const { exp } = decodeJwt(token);
    return typeof exp === 'number' && Number.isFinite(exp) ? exp : null;
  } catch {
    return null;
  }
}

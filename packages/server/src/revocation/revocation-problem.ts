import { Problem } from '../http/problem.js';
import type { Revocation } from './revocation.js';

const MESSAGES = {
  revoked: 'The access to these streams has been ended.',
  moved: 'The stream has moved to another name or page.',
} as const;

/** The refusal of a request whose access has been revoked. */
export function revocationProblem({ code, reason }: Revocation): Problem {
  return new Problem(code, MESSAGES[code], { reason });
}

import { jwtClaims } from '@gatecast/contract';

const JWT = /eyJ[\w-]+\.[\w-]+\.[\w-]+/g;

/** The JWTs in the text of a token response, whichever form it has. */
export function tokensIn(text: string): string[] {
  return text.match(JWT) ?? [];
}

/** Thumbprint of the key that a token is bound to (`cnf.jkt`); `null` without one; `opaque` if it is not a JWT. */
export function boundKeyOf(token: string): string | null {
  const claims = jwtClaims(token);
  if (!claims) return 'opaque';
  const { cnf } = claims;
  const jkt = typeof cnf === 'object' && cnf !== null && 'jkt' in cnf ? cnf.jkt : null;
  return typeof jkt === 'string' ? jkt : null;
}

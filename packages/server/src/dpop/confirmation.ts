/**
 * The key to which a token is bound: the claim `cnf`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7800
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-6.1
 */
export interface Confirmation {
  /** RFC 7638 thumbprint of the client's public key, SHA-256, base64url. */
  readonly jkt: string;
}

const THUMBPRINT = /^[\w-]{43}$/;

/**
 * Reads the claim `cnf`: the key, `null` if the token is not bound, or `unknown` if it is bound in a way that DPoP cannot
 * check, such as to a certificate.
 */
export function readConfirmation(cnf: unknown): Confirmation | 'unknown' | null {
  if (cnf === undefined) return null;
  if (typeof cnf !== 'object' || cnf === null || Object.keys(cnf).length !== 1) return 'unknown';
  const { jkt } = cnf as { jkt?: unknown };
  return typeof jkt === 'string' && THUMBPRINT.test(jkt) ? { jkt } : 'unknown';
}

import type { IssuedToken } from './token-issuer.js';

/** Results whose token this process has signed itself, with that token and its claim `exp`. */
const signed = new WeakMap<IssuedToken, { readonly token: string; readonly exp: number }>();

/** Remembers the claim `exp` that a token was signed with, so that it need not be decoded again. */
export function rememberEnd(result: IssuedToken & { readonly token: string }, exp: number): void {
  signed.set(result, { token: result.token, exp });
}

/**
 * The end of the only token of a result, as it was signed. `undefined` if the token or its end comes from elsewhere: then what
 * the result says must be read.
 */
export function signedEnd(result: IssuedToken): number | undefined {
  const { token, security, query, headers, path, url } = result;
  const isAlone = [security, query, headers, path, url].every((other) => other === undefined);
  const known = isAlone ? signed.get(result) : undefined;
  return known?.token === token ? known?.exp : undefined;
}

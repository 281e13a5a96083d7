import type { IssuedToken } from './token-issuer.js';

interface SignedResult {
  readonly result: IssuedToken;
  readonly token: string;
  readonly exp: number;
}

/** A result is read soon after it is signed. One that is no longer here is decoded, which takes longer. */
const REMEMBERED = 64;

/**
 * The last results whose token this process has signed itself, with that token and its claim `exp`. Not a WeakMap: with an
 * entry for each request, it is a tenth of the handler's time.
 */
const signed: SignedResult[] = [];
let next = 0;

/** Remembers the claim `exp` that a token was signed with, so that it need not be decoded again. */
export function rememberEnd(result: IssuedToken & { readonly token: string }, exp: number): void {
  signed[next] = { result, token: result.token, exp };
  next = (next + 1) % REMEMBERED;
}

/**
 * The end of the only token of a result, as it was signed. `undefined` if the token or its end comes from elsewhere: then what
 * the result says must be read.
 */
export function signedEnd(result: IssuedToken): number | undefined {
  const { token, security, query, headers, path, url } = result;
  const isAlone = [security, query, headers, path, url].every((other) => other === undefined);
  const known = isAlone ? signed.find((each) => each.result === result) : undefined;
  return known?.token === token ? known?.exp : undefined;
}

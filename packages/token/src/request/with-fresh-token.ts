import { freshTokenRejected } from '../errors.js';

/** Result of a request with a token. */
export type TokenUse<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  /** `status` is that of the origin's response, if it gave one; `error` is thrown when the repetition is refused too. */
  | { readonly kind: 'refused'; readonly status?: number | undefined; readonly error?: Error };

export interface FreshTokenSteps<Token, Result> {
  /** Name of the stream, for the error. */
  readonly stream: string;
  get(): Token | Promise<Token>;
  /** Uses the token. Throws for any failure other than a refused token. */
  use(token: Token): Promise<TokenUse<Result>>;
  /** Reports the refusal of a token; resolves with another. */
  replace(refused: Token): Promise<Token>;
}

/**
 * Uses a token. If the token is refused, gets another one and tries once more.
 *
 * @throws GatecastError `token-rejected`, or the refusal's own error, when the second token is refused too.
 */
export async function withFreshToken<Token, Result>(steps: FreshTokenSteps<Token, Result>): Promise<Result> {
  const first = await steps.get();
  const outcome = await steps.use(first);
  if (outcome.kind === 'done') return outcome.result;
  const repeated = await steps.use(await steps.replace(first));
  if (repeated.kind === 'done') return repeated.result;
  throw repeated.error ?? freshTokenRejected(steps.stream, repeated.status);
}

import { Problem, type TokenVerifier } from '@gatecast/server';

interface Remembered {
  readonly stream: string;
  readonly audience: string;
  readonly expiresAtMs: number;
  readonly generation: number;
  /** Text in which clients get the token. */
  readonly sentAs: string;
}

export interface OpaqueTokens {
  remember(token: string, state: Remembered): void;
  /** Text in which clients get a token: itself, if it is not one of these. */
  sentAs(token: string): string;
  /** Creates a verifier for these tokens. It passes all other tokens to `next`. */
  before(next: TokenVerifier, audience: string): TokenVerifier;
}

const capacity = 1_000;

/** Stores tokens without a readable expiry. As in services with server-side sessions, only the origin knows it. */
export function createOpaqueTokens(options: {
  readonly now: () => number;
  readonly generation: () => number;
}): OpaqueTokens {
  const tokens = new Map<string, Remembered>();
  return {
    remember(token, state) {
      tokens.set(token, state);
      const [oldest] = tokens.keys();
      if (tokens.size > capacity && oldest !== undefined) tokens.delete(oldest);
    },
    sentAs: (token) => tokens.get(token)?.sentAs ?? token,
    before: (next, audience) => ({
      async verify(token, expected = {}) {
        const known = token === null ? undefined : tokens.get(token);
        if (known?.audience !== audience) return next.verify(token, expected);
        if (expected.stream !== undefined && known.stream !== expected.stream) {
          throw new Problem('token-wrong-stream', 'The token is for another stream.');
        }
        if (known.expiresAtMs <= options.now()) throw new Problem('token-expired', 'The token has expired.');
        if (known.generation < options.generation()) {
          throw new Problem('token-revoked', 'The token has been revoked.');
        }
        return { claims: {}, stream: known.stream, kid: undefined, expiresAtMs: known.expiresAtMs };
      },
    }),
  };
}

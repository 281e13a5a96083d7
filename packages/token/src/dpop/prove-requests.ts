/** What a proof of possession needs to know about its request. */
export interface ProofContext {
  /** URL of the token endpoint, or an empty text for tokens from the page's own function. Each has a key of its own. */
  readonly endpoint: string;
  /** The token of the request; `null` for a token request. */
  readonly secret: string | null;
  /** The server's time, in milliseconds since the epoch. @defaultValue the device's clock */
  readonly now?: (() => number) | undefined;
}

/** Adds proofs to the requests of a fetch function. */
export type ProveRequests = (fetch: typeof globalThis.fetch) => typeof globalThis.fetch;

/**
 * Wraps `fetch` so that requests have a proof of possession (DPoP, RFC 9449). The code for it is loaded with the first
 * request. See `fetchWithProof` for what it does and throws.
 *
 * @example
 * ```ts
 * const fetchTokens = proveRequests({ endpoint: '', secret: null })(fetch);
 * ```
 */
export function proveRequests(context: ProofContext): ProveRequests {
  return (fetch) => async (input, init) =>
    (await import('./fetch-with-proof.js')).fetchWithProof(fetch, input, init, context);
}

import { lazyPart } from '../failure/lazy-part.js';
import type { ProofContext } from './proof-context.js';

const proofPart = lazyPart(
  'fetchWithProof',
  async () => (await import('./fetch-with-proof.js')).fetchWithProof,
);

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
  return (fetch) => async (input, init) => {
    const fetchWithProof = await proofPart({ tries: 3, signal: init?.signal ?? undefined });
    return fetchWithProof(fetch, input, init, context);
  };
}

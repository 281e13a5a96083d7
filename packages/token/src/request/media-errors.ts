import { GatecastError } from '../errors.js';

/**
 * @param what - the address or the response that cannot be used.
 * @param fault - what is wrong with it.
 */
export function invalidSource(what: string, fault: string, cause?: unknown): GatecastError {
  return new GatecastError('source-invalid', `${what} cannot be played: ${fault}.`, {
    hint: 'Correct the playlist.',
    cause,
  });
}

/** @param fault - which limit it exceeds. */
export function tooLargeSource(what: string, fault: string): GatecastError {
  return new GatecastError('source-too-large', `${what} is too large: ${fault}.`, {
    hint: 'Check the address. Split a longer playlist.',
  });
}

/** @param what - the address, without its query, or the kind of request that failed. */
export function unreachableSource(what: string, cause?: unknown): GatecastError {
  return new GatecastError('source-unreachable', `${what} cannot be reached.`, {
    hint: 'Check the network, src, and the CORS headers of the origin, also for 401 and 403.',
    // Also for http: a viewer may permit addresses of the local network.
    retryable: true,
    cause,
  });
}

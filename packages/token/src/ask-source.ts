import { GatecastError } from './errors.js';
import { parseTokenResponse, type ParsedTokenResponse, type TokenRequest } from './source/parse-response.js';
import type { TokenSource } from './source/token-source.js';

/** Asks a source and reads what it says. Never rejects: what goes wrong is an answer too. */
export async function requestTokens(
  source: TokenSource,
  request: TokenRequest,
  signal: AbortSignal,
): Promise<ParsedTokenResponse | GatecastError> {
  try {
    return parseTokenResponse(await source.request(request, { signal }), request.streams);
  } catch (error) {
    return asGatecastError(error);
  }
}

export function asGatecastError(error: unknown): GatecastError {
  if (error instanceof GatecastError) return error;
  return new GatecastError('token-source-failed', 'The token source failed.', {
    hint: 'See the cause.',
    retryable: true,
    cause: error,
  });
}

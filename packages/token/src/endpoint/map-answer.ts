import type { TokenRequest } from '@gatecast/contract';
import { GatecastError } from '../errors.js';
import type { TokenEndpointOptions } from './endpoint-options.js';

/**
 * Takes the token out of a response.
 *
 * @throws GatecastError `token-response-invalid`. What a function of the page throws is not in it: it may have a part of the response.
 */
export async function mapAnswer(
  map: NonNullable<TokenEndpointOptions['map']>,
  answer: unknown,
  request: TokenRequest,
): Promise<unknown> {
  if (typeof map === 'string') return memberOf(answer, map);
  try {
    return await map(answer, request);
  } catch (error) {
    if (error instanceof GatecastError) throw error;
    const kind = error instanceof TypeError ? ' (TypeError)' : '';
    throw invalid(`The function "map" of tokenEndpoint failed${kind}.`);
  }
}

function memberOf(answer: unknown, path: string): unknown {
  let value = answer;
  for (const name of path.split('.'))
    value =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  if (value === undefined || value === null) throw invalid(`The token response has no "${path}".`);
  return value;
}

function invalid(message: string): GatecastError {
  return new GatecastError('token-response-invalid', message, {
    hint: 'Compare the option "map" with the response in the browser’s network panel.',
  });
}

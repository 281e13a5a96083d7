import { GatecastError } from '../errors.js';

const SHAPE_HINT =
  'Return { "tokens": [{ "stream", "token", "expiresAt" }], "serverTime" }, a bare JWT, or another documented form.';

/** Longest token or member of a security object: servers limit the address and the headers of a request to less. */
const TOKEN_LIMIT = 16_384;

/** Is it a text that is longer than a token can be? */
export function isTooLong(value: unknown): boolean {
  return typeof value === 'string' && value.length > TOKEN_LIMIT;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function invalid(message: string): GatecastError {
  return new GatecastError('token-response-invalid', message, { hint: SHAPE_HINT });
}

export function responseTooLarge(): GatecastError {
  return new GatecastError('token-response-too-large', 'The token response is too large.', {
    hint: 'Return at most 4 MiB, and tokens of at most 16,384 characters.',
  });
}

import { GatecastError, plainToken, secretOf, type SecurityObject, type TokenValue } from '@gatecast/token';

/**
 * The token for a vendor's client, which puts it into its requests itself.
 *
 * @throws GatecastError `token-response-invalid` for a token that has only fields with a place of their own, such as `query`.
 */
export function vendorToken(value: TokenValue): string | SecurityObject {
  const token = plainToken(value);
  if (token !== null) return token;
  throw new GatecastError(
    'token-response-invalid',
    'The token response has no "token" and no "security", and a vendor’s client can use nothing else.',
    { hint: 'Return "token" or "security" for this engine or publisher.' },
  );
}

/** The same as one string: of a security object its JWT, or else its token. @throws GatecastError as {@link vendorToken} */
export function vendorSecret(value: TokenValue): string {
  return secretOf(vendorToken(value));
}

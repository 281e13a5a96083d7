import { readText } from '@gatecast/token';
import type { SessionErrors } from './session-context.js';

/** A response has some KiB; with many candidates and simulcast layers some ten. */
const LIMIT_KIB = 256;

type Invalid = Pick<SessionErrors, 'invalidResponse'>;

/** The SDP or SDP fragment of a response. @throws GatecastError `invalidResponse` of the errors for more than 256 KiB. */
export function readSdp(response: Response, errors: Invalid): Promise<string> {
  return readText(response, {
    limitBytes: LIMIT_KIB * 1024,
    tooLarge: () => errors.invalidResponse(`its body has more than ${String(LIMIT_KIB)} KiB`),
  });
}

/**
 * The address of the session, which may be relative to the endpoint (RFC 9725 section 4.2).
 *
 * A server after a proxy that ends TLS does not know its own scheme and port, and names an `http:` address. Browsers
 * block such requests from a secure page. So the session of an `https:` endpoint has an `https:` address, too: on the same
 * host, with the port of the endpoint.
 *
 * @param baseUrl - the address of the response.
 * @throws GatecastError `invalidResponse` of the errors if it is not an HTTP address.
 */
export function resolveLocation(location: string, baseUrl: string, errors: Invalid): string {
  const url = URL.canParse(location, baseUrl) ? new URL(location, baseUrl) : null;
  if (!url || !/^https?:$/.test(url.protocol))
    throw errors.invalidResponse('Location is not an HTTP address');
  const base = new URL(baseUrl);
  if (url.protocol === 'http:' && base.protocol === 'https:') {
    url.protocol = 'https:';
    if (url.hostname === base.hostname) url.port = base.port;
  }
  return url.href;
}

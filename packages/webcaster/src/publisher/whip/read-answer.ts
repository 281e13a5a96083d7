import { readText } from '@gatecast/token';
import { invalidResponse } from './whip-errors.js';

/** An answer has some KiB; with many candidates and simulcast layers some ten. */
const LIMIT_KIB = 256;

/** The SDP or SDP fragment of a response. @throws GatecastError `ingest-response-invalid` for more than 256 KiB. */
export function readSdp(response: Response): Promise<string> {
  return readText(response, {
    limitBytes: LIMIT_KIB * 1024,
    tooLarge: () => invalidResponse(`its body has more than ${String(LIMIT_KIB)} KiB`),
  });
}

/**
 * The address of the session (RFC 9725 section 4.2).
 *
 * @throws GatecastError `ingest-response-invalid` if it is not an HTTP address.
 */
export function resolveLocation(location: string, baseUrl: string): string {
  const url = URL.canParse(location, baseUrl) ? new URL(location, baseUrl) : null;
  if (url && /^https?:$/.test(url.protocol)) return url.href;
  throw invalidResponse('Location is not an HTTP address');
}

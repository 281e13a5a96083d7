/**
 * Requires an origin as browsers send it: scheme, host and port, in lower case, without a path, a default port and a
 * wildcard. An international name is in Punycode.
 *
 * @param option - the name of the option, for the message
 * @throws TypeError for anything else; the message has the right form where the value has one.
 */
export function requireOrigin(value: string, option: string): void {
  const origin = httpOrigin(value);
  if (origin === value) return;
  const form = origin ?? 'https://www.example.com';
  throw new TypeError(
    `${option} contains "${withoutSecrets(value)}", which is not an origin such as "${form}".`,
  );
}

/** Is it an origin in the form that {@link requireOrigin} requires? */
export function isOrigin(value: string): boolean {
  return httpOrigin(value) === value;
}

/** The origin of an http(s) address; `null` for anything else. */
function httpOrigin(value: string): string | null {
  const url = URL.canParse(value) ? new URL(value) : null;
  // The URL parser takes a wildcard for the name of a host.
  const isHttp = url !== null && /^https?:$/.test(url.protocol) && !url.hostname.includes('*');
  return isHttp ? url.origin : null;
}

/** Removes the query, which may be signed, and user and password. */
export function withoutSecrets(address: string): string {
  return address.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//');
}

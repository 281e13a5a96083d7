const UNRESERVED = /^[A-Za-z0-9\-._~]$/;

/**
 * The address of a request as proofs name it: without query and fragment, in one spelling. The scheme and host are in
 * lower case, the default port and dot segments are removed, and only reserved characters stay percent-encoded.
 * `null` if it is not an http(s) address, or contains a user name.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-4.3
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2
 */
export function proofUrl(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, origin, pathname, username, password } = new URL(address);
  if ((protocol !== 'https:' && protocol !== 'http:') || username !== '' || password !== '') return null;
  return origin + pathname.replace(/%[0-9a-f]{2}/gi, decodeUnreserved);
}

function decodeUnreserved(encoded: string): string {
  const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
  return UNRESERVED.test(character) ? character : encoded.toUpperCase();
}

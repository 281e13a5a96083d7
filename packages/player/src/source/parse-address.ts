/**
 * Reads an address that the page has set. The message of the browser's own error would name the address, which may contain a
 * token, and not where it stands.
 *
 * @param name - the attribute. What a `source` object has counts as `src`.
 * @throws TypeError when it is not a URL.
 */
export function parseAddress(name: string, address: string, baseUrl: string): URL {
  try {
    return new URL(address, baseUrl);
  } catch {
    throw new TypeError(`${name} is not a valid URL.`);
  }
}

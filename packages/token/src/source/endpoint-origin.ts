/** Origin of a token endpoint, whose address may be relative to the page; `null` if it is not valid. */
export function endpointOrigin(url: string): string | null {
  try {
    return new URL(url, typeof document === 'undefined' ? undefined : document.baseURI).origin;
  } catch {
    return null;
  }
}

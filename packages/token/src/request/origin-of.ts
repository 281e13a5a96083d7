/**
 * The URL as its text must be for a placement: with the origin that was checked. A parser also reads `https:///a.example/b`
 * and `https:b` as addresses of this origin, where text that is put between would become the host or the path.
 */
export function withOrigin(url: string): string {
  const { origin, href } = new URL(url);
  return url.startsWith(origin) && /^[/?#]/.test(url.slice(origin.length)) ? url : href;
}

/** The origin of a URL; `null` for invalid URLs and those that no server can have. */
export function originOf(url: string, baseUrl?: string): string | null {
  try {
    const { origin, protocol } = new URL(url, baseUrl);
    // A blob URL has the page's origin but is read from memory, and a token in the URL would break it.
    return origin === 'null' || protocol === 'blob:' ? null : origin;
  } catch {
    return null;
  }
}

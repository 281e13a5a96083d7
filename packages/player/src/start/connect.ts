/**
 * Opens a connection to the origin of a URL, unless that is the page's own.
 *
 * `crossorigin` must be that of the later requests, or the browser opens a second connection for them.
 *
 * @returns the `<link>` in the head.
 */
export function connect(url: string, withCredentials: boolean): HTMLLinkElement | null {
  const { origin, protocol } = new URL(url);
  if (origin === location.origin || !protocol.startsWith('http')) return null;
  const link = document.createElement('link');
  link.rel = 'preconnect';
  link.href = origin;
  link.crossOrigin = withCredentials ? 'use-credentials' : 'anonymous';
  document.head.append(link);
  return link;
}

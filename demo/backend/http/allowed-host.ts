/** A host name or IP address with an optional port, as in the Host header (RFC 9110 section 7.2). */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/** Whether a host name in the form of `URL.hostname` is of this machine. */
export function isLoopbackHost(hostname: string): boolean {
  // Browsers resolve all names below localhost without DNS (RFC 6761 section 6.3).
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(hostname)
  );
}

/**
 * Whether the server accepts a Host header, with any port. A page whose own name resolves to this machine (DNS
 * rebinding) sends its own name.
 *
 * @param allowedHosts - names besides those of this machine, in lower case.
 */
export function isAllowedHost(host: string, allowedHosts: readonly string[] = []): boolean {
  if (!HOST.test(host) || !URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  return isLoopbackHost(hostname) || allowedHosts.includes(hostname);
}

declare global {
  interface Window {
    /** Set by a test: `ws:` origin of the double of the vendor's servers. */
    nanoPlayerNetwork?: { readonly origin: string };
  }
}

const vendorHosts = /^(?:[\w-]+\.)+(?:nanocosmos\.de|nanostream\.cloud)$/;

/** Sends requests for hosts of the vendor to the local double, if the test has named it. */
export function reroute(address: string): string {
  const origin = window.nanoPlayerNetwork?.origin;
  const url = new URL(address, location.href);
  if (origin === undefined || !vendorHosts.test(url.hostname)) return address;
  const scheme = /^wss?:$/.test(url.protocol) ? 'ws:' : 'http:';
  return origin.replace(/^ws:/, scheme) + url.pathname + url.search;
}

/** The host of a server's address replaced, as `general.serverDomain` does. Documentation only. */
export function withDomain(address: string, domain: string | undefined): string {
  if (domain === undefined || domain === '') return address;
  const url = new URL(address);
  url.hostname = domain;
  return url.href;
}

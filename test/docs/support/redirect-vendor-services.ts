/*
 * Loaded before a quick start's backend: what it asks of the vendor's token services goes to the demo's stand-ins,
 * and nothing else of it changes.
 */
const standIns = new Map([
  ['https://bintu-splay.nanocosmos.de/secure/token', '/nanostream/secure/token'],
  ['https://token.nanostream.cloud/api/v1/splay', '/nanostream/api/v1/splay'],
  ['https://cts.nanocosmos.de/webcaster', '/nanostream/webcaster'],
]);
const { VENDOR_ORIGIN: vendorOrigin = '' } = process.env;
const fetchAsIs = globalThis.fetch;

globalThis.fetch = (input, init) => {
  const path = typeof input === 'string' ? standIns.get(input) : undefined;
  return fetchAsIs(path === undefined ? input : vendorOrigin + path, init);
};

export {};

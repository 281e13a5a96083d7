/*
 * Loaded before a quick start's backend. Sends its requests for the vendor's token services to the demo's fake, and
 * changes nothing else.
 */
const fakePaths = new Map([
  ['https://bintu-splay.nanocosmos.de/secure/token', '/nanostream/secure/token'],
  ['https://token.nanostream.cloud/api/v1/splay', '/nanostream/api/v1/splay'],
  ['https://cts.nanocosmos.de/webcaster', '/nanostream/webcaster'],
]);
const { VENDOR_ORIGIN: vendorOrigin = '' } = process.env;
const fetchAsIs = globalThis.fetch;

globalThis.fetch = (input, init) => {
  const path = typeof input === 'string' ? fakePaths.get(input) : undefined;
  return fetchAsIs(path === undefined ? input : vendorOrigin + path, init);
};

export {};

import type { SharingOptions } from './token-cache.js';
import type { VendorOptions } from './vendor-client.js';

/** Names of the options that all issuers of this vendor have. */
export const vendorOptionNames: Readonly<Record<keyof (VendorOptions & SharingOptions), true>> = {
  url: true,
  timeoutMs: true,
  retries: true,
  circuitFailures: true,
  circuitOpenMs: true,
  now: true,
  random: true,
  sleep: true,
  fetch: true,
  logger: true,
  onVendorError: true,
  reuseFraction: true,
  maxKept: true,
};

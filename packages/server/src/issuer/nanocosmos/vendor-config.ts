import * as v from 'valibot';
import { httpUrl, options, positive, seconds, text, wholeNumber } from '../config-fields.js';
import type { IssuerContext } from '../issuer-type.js';
import type { VendorOptions } from './vendor-client.js';

/** Configuration of every issuer that requests tokens from the vendor's service. */
export const vendorConfig = {
  url: v.optional(httpUrl),
  timeoutMs: v.optional(positive),
  retries: v.optional(wholeNumber(0, 10)),
  ttlSeconds: v.optional(
    v.union([seconds, v.literal('vendor-default')], 'is neither a number of seconds nor "vendor-default"'),
  ),
  reuseFraction: v.optional(
    v.pipe(
      v.number('is not a number from 0 to 0.95'),
      v.minValue(0, 'is not a number from 0 to 0.95'),
      v.maxValue(0.95, 'is not a number from 0 to 0.95'),
    ),
  ),
};

export const restrictionsConfig = v.optional(
  options({ ip: v.optional(text), referer: v.optional(text), tag: v.optional(text) }),
);

/** Logger and metrics of the server, for the vendor's client. */
export function vendorContext({ logger, onVendorError }: IssuerContext): VendorOptions {
  return { logger, onVendorError };
}

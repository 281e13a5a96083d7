import type { SchemeReading } from './issuer-type.js';
import { issuerTypes } from './registry.js';

/** What the schemes of CDNs read in a text: an address, a query, a path, or the value of a header or cookie. */
export function readSchemes(text: string): SchemeReading[] {
  return issuerTypes.flatMap(({ scheme }) => scheme?.inspect(text) ?? []);
}

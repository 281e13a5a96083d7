import { redactUrl } from '@gatecast/token';
import type { ResolvedEntry, ResolvedSource } from './player-source.js';

/** All addresses of an entry that a player may request. */
function addressesOf({ url, whepUrl }: ResolvedEntry): string[] {
  return [url, whepUrl].filter((address) => address !== null);
}

/** The origins that a source is loaded from. */
export function sourceOrigins({ entries }: ResolvedSource): Set<string> {
  return new Set(entries.flatMap(addressesOf).map((url) => new URL(url).origin));
}

/** The entries of a source for `diagnostics()`: no token, no signed query. */
export function describeEntries({ entries }: ResolvedSource): Record<string, unknown>[] {
  return entries.map(({ url, whepUrl, raw: _, security: __, ...entry }) => ({
    ...entry,
    url: url && redactUrl(url),
    whepUrl: whepUrl && redactUrl(whepUrl),
  }));
}

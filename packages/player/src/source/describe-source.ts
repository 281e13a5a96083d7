import { redactUrl } from '@gatecast/token';
import type { ResolvedSource } from './player-source.js';

/** All addresses that a player may request first. */
export function sourceAddresses({ entries }: ResolvedSource): string[] {
  return entries.flatMap(({ url, whepUrl }) => [url, whepUrl]).filter((url) => url !== null);
}

/** The origins that a source is loaded from. */
export function sourceOrigins(source: ResolvedSource): Set<string> {
  return new Set(sourceAddresses(source).map((url) => new URL(url).origin));
}

/** The entries of a source for `diagnostics()`: no token, no signed query. */
export function describeEntries({ entries }: ResolvedSource): Record<string, unknown>[] {
  return entries.map(({ url, whepUrl, raw: _, security: __, ...entry }) => ({
    ...entry,
    url: url && redactUrl(url),
    whepUrl: whepUrl && redactUrl(whepUrl),
  }));
}

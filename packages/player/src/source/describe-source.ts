import { redactUrl } from '@gatecast/token';
import type { ResolvedSource } from './player-source.js';

/** The origins that a source is loaded from. */
export function sourceOrigins({ entries }: ResolvedSource): Set<string> {
  return new Set(entries.flatMap(({ url }) => (url ? [new URL(url).origin] : [])));
}

/** The entries of a source for `diagnostics()`: no token, no signed query. */
export function describeEntries({ entries }: ResolvedSource): Record<string, unknown>[] {
  return entries.map(({ url, raw: _, security: __, ...entry }) => ({ ...entry, url: url && redactUrl(url) }));
}

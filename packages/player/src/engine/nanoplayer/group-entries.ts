import type { PlayerSource, ResolvedSource, SourceEntry } from '../../source/player-source.js';
import { resolveSource } from '../../source/resolve-source.js';
import { vendorEntries } from './build-vendor-source.js';

/** The player reads complete addresses. */
const BASE_URL = 'https://invalid/';

/** A group whose entries are known, and the index with which it starts, if that is known too. */
export interface GroupEntries {
  readonly source: ResolvedSource;
  readonly hasStartIndex: boolean;
}

/**
 * Replaces a group by its entries, which the vendor's player has read from the vendor's API. An update with the group
 * would read them again and start at the lowest rendition.
 *
 * @param completed - the source as the player has completed it.
 * @returns `null` when the source needs no entries from the player or these cannot be played.
 */
export function readGroupEntries(source: ResolvedSource, completed: unknown): GroupEntries | null {
  const { group } = source;
  if (!group || vendorEntries(source).length > 0) return null;
  const entries = memberOf(completed, 'entries');
  if (!Array.isArray(entries) || entries.length === 0) return null;
  const startIndex = memberOf(completed, 'startIndex');
  const resolved = resolve({
    entries: entries as SourceEntry[],
    options: source.options,
    ...(typeof startIndex === 'number' && { startIndex }),
  });
  if (!resolved || vendorEntries(resolved).length < resolved.entries.length) return null;
  // One token is valid for all entries of a group.
  const stream = source.entries[0]?.stream ?? '';
  return {
    source: {
      ...source,
      entries: resolved.entries.map((entry) => ({ ...entry, stream })),
      startIndex: resolved.startIndex,
      group: null,
    },
    hasStartIndex: resolved.startIndex !== null,
  };
}

function resolve(given: PlayerSource): ResolvedSource | null {
  try {
    return resolveSource(given, BASE_URL);
  } catch {
    // None of the entries can be played.
    return null;
  }
}

/** A member of a value of the vendor's player. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

import { isSameValue, type SecurityObject } from '@gatecast/token';
import type { ResolvedEntry, ResolvedSource } from './player-source.js';

/** The difference between the source that plays and the next one. */
export type SourceDifference =
  | { readonly kind: 'none' }
  /** Only tokens differ: they are swapped in place. */
  | { readonly kind: 'security'; readonly tokens: ReadonlyMap<string, SecurityObject> }
  /** Something else differs: the player switches. */
  | { readonly kind: 'switch'; readonly changed: readonly string[] };

/** Compares two sources; the order of keys in them does not matter. Pure. */
export function compareSources(current: ResolvedSource, next: ResolvedSource): SourceDifference {
  const changed = changedParts(current, next);
  if (changed.length > 0) return { kind: 'switch', changed };
  const tokens = new Map<string, SecurityObject>();
  next.entries.forEach((entry, position) => {
    const old = current.entries[position]?.security ?? null;
    if (entry.security && !(old && isSameValue(old, entry.security)))
      tokens.set(entry.stream, entry.security);
  });
  return tokens.size > 0 ? { kind: 'security', tokens } : { kind: 'none' };
}

function changedParts(current: ResolvedSource, next: ResolvedSource): string[] {
  const changed: string[] = [];
  if (canonical(current.entries.map(withoutSecurity)) !== canonical(next.entries.map(withoutSecurity)))
    changed.push('entries');
  if (current.rule !== next.rule) changed.push('options');
  if (current.group?.id !== next.group?.id) changed.push('group');
  return changed;
}

/** An entry without its tokens, and with the fields that make a switch necessary. */
function withoutSecurity({ raw, security: _, ...entry }: ResolvedEntry): unknown {
  const { rtmp, server, params } = raw.h5live ?? {};
  return { ...entry, rtmp, server, params };
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify([value], (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

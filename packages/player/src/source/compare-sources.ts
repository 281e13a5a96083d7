import { isSameValue, type SecurityObject } from '@gatecast/token';
import type { ResolvedEntry, ResolvedSource } from './player-source.js';

/** The difference between the source that plays and the next one. */
export type SourceDifference =
  | { readonly kind: 'none' }
  /** Only tokens differ, and members that the engine does not play by: they are swapped in place. */
  | {
      readonly kind: 'security';
      readonly tokens: ReadonlyMap<string, SecurityObject>;
      readonly changed: readonly string[];
    }
  /** Something else differs: the player switches. */
  | { readonly kind: 'switch'; readonly changed: readonly string[] };

/** How an engine plays a source. */
export interface SourceUse {
  /**
   * Does it hand the source to a vendor's player as it was given? Then each member counts; otherwise only the entries that it
   * can play, the entry to start with and the rule.
   */
  readonly playsRawSource?: boolean;
  readonly canPlay: (entry: ResolvedEntry) => boolean;
}

/** The members of a source as an engine plays them, by name, without tokens. */
type Members = Readonly<Record<string, unknown>>;

/**
 * Compares two sources. The order of keys does not matter, and a member that is undefined, `""` or `{}` is the same as
 * none. Pure.
 *
 * @param plays - how the engine plays a source.
 */
export function compareSources(
  current: ResolvedSource,
  next: ResolvedSource,
  plays: SourceUse,
): SourceDifference {
  const isRaw = plays.playsRawSource ?? false;
  const vendor = differences(vendorMembers(current), vendorMembers(next));
  const own = differences(ownMembers(current, plays), ownMembers(next, plays));
  const changed = [...new Set([...own, ...vendor])];
  if ((isRaw ? vendor : own).length > 0) return { kind: 'switch', changed };
  const tokens = changedTokens(current, next, plays);
  if (tokens.size > 0) changed.push('security');
  return changed.length > 0 ? { kind: 'security', tokens, changed } : { kind: 'none' };
}

function changedTokens(
  current: ResolvedSource,
  next: ResolvedSource,
  { canPlay }: SourceUse,
): Map<string, SecurityObject> {
  const before = new Map(current.entries.map(({ stream, security }) => [stream, security]));
  const tokens = new Map<string, SecurityObject>();
  for (const entry of next.entries) {
    const { stream, security } = entry;
    const old = before.get(stream);
    if (canPlay(entry) && security && !(old && isSameValue(old, security))) tokens.set(stream, security);
  }
  return tokens;
}

/** What this player's own engines play by. */
function ownMembers({ entries, startIndex, rule }: ResolvedSource, { canPlay }: SourceUse): Members {
  return {
    entries: entries
      .filter((entry) => canPlay(entry))
      .map(({ raw: _raw, security: _security, hasH5live: _hasH5live, ...entry }) => entry),
    startIndex,
    options: rule,
  };
}

function vendorMembers({ entries, startIndex, rule, options, group, extra }: ResolvedSource): Members {
  const { security: _security, ...publicGroup } = group ?? {};
  return {
    ...extra,
    entries: entries.filter(({ hasH5live }) => hasH5live).map(vendorEntry),
    startIndex,
    options: { ...options, adaption: { ...options.adaption, rule } },
    group: publicGroup,
  };
}

/** An entry without its tokens and its own addresses, which the vendor's player is not given. */
function vendorEntry({ index, label, stream, raw }: ResolvedEntry): unknown {
  const { hls: _hls, whep: _whep, h5live, ...rest } = raw;
  const { security: _security, token: _token, ...connection } = h5live ?? {};
  return { ...rest, h5live: connection, index, label, stream };
}

/** Names of the members that differ. */
function differences(current: Members, next: Members): string[] {
  const names = new Set([...Object.keys(next), ...Object.keys(current)]);
  return [...names].filter((name) => canonical(current[name]) !== canonical(next[name]));
}

/** JSON with sorted keys, without empty members. */
function canonical(value: unknown): string {
  return JSON.stringify([withoutEmpty(value)]);
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value === '' ? undefined : value;
  const members = Object.entries(value)
    .map(([name, member]): [string, unknown] => [name, withoutEmpty(member)])
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return members.length > 0 ? Object.fromEntries(members) : undefined;
}

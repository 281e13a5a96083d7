import type { TokenValue } from '@gatecast/token';
import type { ResolvedEntry, ResolvedSource } from '../../source/player-source.js';
import type { VendorEntry, VendorSecurity, VendorSource } from './vendor-player.js';

export interface VendorSourceInput {
  readonly source: ResolvedSource;
  /** Tokens by stream; a stream without one is an open stream. */
  readonly tokens: ReadonlyMap<string, TokenValue>;
  /** Position among {@link vendorEntries} of the entry to play. */
  readonly position: number;
  /** `none` while renditions are chosen manually. */
  readonly rule: string;
  /** Sets `forcePlay`: without it, a paused player would begin to play. */
  readonly isPlaying: boolean;
}

/** The entries that the vendor's player can play. It cannot play plain HLS URLs. */
export function vendorEntries(source: ResolvedSource): readonly ResolvedEntry[] {
  return source.entries.filter(({ raw }) => raw.h5live?.server);
}

/**
 * Builds the whole source, which the vendor's player needs for each update. Every value is explicit whose default
 * differs between its versions.
 */
export function buildVendorSource({
  source,
  tokens,
  position,
  rule,
  isPlaying,
}: VendorSourceInput): VendorSource {
  const { options, group, extra } = source;
  const entries = vendorEntries(source).map((entry, index) => writeEntry(entry, index, tokens));
  // The entries of a group are known to the vendor only; one token is valid for all of them.
  const groupToken = entries.length === 0 ? tokens.get(source.entries[0]?.stream ?? '') : undefined;
  const groupSecurity = groupToken === undefined ? {} : { security: toVendorSecurity(groupToken) };
  return {
    ...extra,
    ...(entries.length > 0 && { entries, startIndex: position }),
    ...(group && { group: { ...group, ...groupSecurity } }),
    options: {
      ...options,
      adaption: { ...options.adaption, rule },
      switch: { ...options.switch, method: 'client', forcePlay: isPlaying },
    },
  };
}

function writeEntry(
  entry: ResolvedEntry,
  index: number,
  tokens: ReadonlyMap<string, TokenValue>,
): VendorEntry {
  const { hls: _hls, stream: _stream, h5live, ...rest } = entry.raw;
  const { security: _security, ...connection } = h5live ?? {};
  const token = tokens.get(entry.stream);
  return {
    ...rest,
    index,
    label: entry.label,
    h5live: { ...connection, ...(token !== undefined && { security: toVendorSecurity(token) }) },
  };
}

/** A token as `security`, with non-empty strings only: the vendor's player drops all other values. */
export function toVendorSecurity(value: TokenValue): VendorSecurity {
  if (typeof value === 'string') return { jwtoken: value };
  const fields = Object.entries(value as Readonly<Record<string, unknown>>).flatMap(([name, field]) =>
    typeof field === 'string' || typeof field === 'number' ? [[name, String(field)] as const] : [],
  );
  return Object.fromEntries(fields.filter(([, field]) => field !== ''));
}

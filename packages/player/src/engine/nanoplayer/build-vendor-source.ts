import type { TokenValue } from '@gatecast/token';
import type { ResolvedEntry, ResolvedSource } from '../../source/player-source.js';
import type { VendorEntry, VendorSecurity, VendorSource } from './vendor-player.js';

export interface VendorSourceInput {
  readonly source: ResolvedSource;
  /** Tokens by stream; a stream without one is an open stream. */
  readonly tokens: ReadonlyMap<string, TokenValue>;
  /** Position among {@link vendorEntries} that plays, or is to play. */
  readonly position: number;
  /** `none` while renditions are switched by hand. */
  readonly rule: string;
  /** Decides over `forcePlay`: left out, a paused player would begin to play. */
  readonly isPlaying: boolean;
}

/** The entries that the vendor's player can play. Plain HLS URLs are not among them: those belong to the hls engine. */
export function vendorEntries(source: ResolvedSource): readonly ResolvedEntry[] {
  return source.entries.filter(({ raw }) => raw.h5live?.server);
}

/**
 * Writes the whole source as the vendor's player wants it each time: with every value explicit whose default differs
 * between its versions.
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
  // A group names its entries on the vendor's side; one token is for all of them.
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

/** A token as `security`: text only, and nothing empty, because either is dropped on the way to the server. */
export function toVendorSecurity(value: TokenValue): VendorSecurity {
  if (typeof value === 'string') return { jwtoken: value };
  const fields = Object.entries(value as Readonly<Record<string, unknown>>).flatMap(([name, field]) =>
    typeof field === 'string' || typeof field === 'number' ? [[name, String(field)] as const] : [],
  );
  return Object.fromEntries(fields.filter(([, field]) => field !== ''));
}

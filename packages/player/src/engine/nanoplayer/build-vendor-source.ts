import { plainToken, type TokenValue } from '@gatecast/token';
import type { H5LiveConfig, ResolvedEntry, ResolvedSource } from '../../source/player-source.js';
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

/** The entries that the vendor's player can play and that the source names: none for a group. */
export function vendorEntries(source: ResolvedSource): readonly ResolvedEntry[] {
  return source.entries.filter(({ hasH5live, raw }) => hasH5live && raw.index !== undefined);
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
  const { options, group, extra, startIndex } = source;
  const entries = vendorEntries(source).map((entry, index) => writeEntry(entry, index, tokens));
  // The entries of a group are known to the vendor only; one token is valid for all of them.
  const groupToken = entries.length === 0 ? tokens.get(source.entries[0]?.stream ?? '') : undefined;
  const groupSecurity = groupToken === undefined ? {} : { security: toVendorSecurity(groupToken) };
  return {
    ...extra,
    ...(entries.length > 0 ? { entries, startIndex: position } : startIndex !== null && { startIndex }),
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
  const { hls: _hls, whep: _whep, stream: _stream, h5live, ...rest } = entry.raw;
  const connection = writeConnection(h5live ?? {}, tokens.get(entry.stream));
  return {
    ...rest,
    index,
    label: entry.label,
    // An entry with `bintu.streamid` has none, and an empty one would be read as a connection without a server.
    ...(Object.keys(connection).length > 0 && { h5live: connection }),
  };
}

/** The connection with the current token in place of the one that the page has written into the source. */
function writeConnection(
  { security: _security, token: written, ...connection }: H5LiveConfig,
  token: TokenValue | undefined,
): Readonly<Record<string, unknown>> {
  if (token === undefined) return connection;
  const security = toVendorSecurity(token);
  // A token without further fields goes back where the page has written one.
  const isBare = Boolean(written) && Object.keys(security).join() === 'token';
  return isBare ? { ...connection, token: security['token'] } : { ...connection, security };
}

/** A token as `security`, with non-empty strings only: the vendor's player drops all other values. */
export function toVendorSecurity(value: TokenValue): VendorSecurity {
  const plain = plainToken(value) ?? {};
  if (typeof plain === 'string') return { jwtoken: plain };
  const fields = Object.entries(plain as Readonly<Record<string, unknown>>).flatMap(([name, field]) =>
    typeof field === 'string' || typeof field === 'number' ? [[name, String(field)] as const] : [],
  );
  return Object.fromEntries(fields.filter(([, field]) => field !== ''));
}

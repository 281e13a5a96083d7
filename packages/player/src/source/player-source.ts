import type { SecurityObject } from '@gatecast/token';

/** RTMP names of a stream, as the vendor's source object has them. */
export interface H5LiveRtmp {
  url?: string;
  streamname?: string;
}

export interface H5LiveServer {
  websocket?: string;
  hls?: string;
  progressive?: string;
  webtransport?: string;
}

export interface H5LiveConfig {
  rtmp?: H5LiveRtmp;
  server?: H5LiveServer;
  security?: SecurityObject;
  token?: string;
  params?: Record<string, string>;
}

/** A stream that the vendor's API knows by its id. */
export interface BintuStream {
  streamid?: string;
  apiurl?: string;
  [option: string]: unknown;
}

export interface SourceEntryInfo {
  /** kbps */
  bitrate?: number | undefined;
  width?: number | undefined;
  height?: number | undefined;
  framerate?: number | undefined;
}

/** One rendition of a source object. */
export interface SourceEntry {
  /** 0 is the highest bitrate. */
  index?: number;
  label?: string | undefined;
  tag?: string | undefined;
  info?: SourceEntryInfo;
  /** The rendition's own HLS URL. */
  hls?: string;
  /**
   * The rendition's own WHEP address (WebRTC), beside `hls` or without it.
   *
   * @see https://datatracker.ietf.org/doc/draft-ietf-wish-whep/
   */
  whep?: string | undefined;
  /**
   * Name the token is asked for.
   *
   * @defaultValue `h5live.rtmp.streamname`, else the file name of `hls`, else `bintu.streamid`, else the last part of `whep`
   */
  stream?: string | undefined;
  h5live?: H5LiveConfig;
  bintu?: BintuStream;
}

/**
 * The vendor's source object, so that an existing config can be pasted.
 *
 * Without `entries`, the members of an entry at the top level (`hls`, `whep`, `h5live`, `bintu`, `stream`, …) are the only
 * entry: the vendor's old single form. Members that are not listed here reach the vendor's player as they are.
 *
 * @see https://docs.nanocosmos.de/docs/nanoplayer/nanoplayer_feature_stream_switching
 */
export interface PlayerSource extends Omit<SourceEntry, 'index'> {
  entries?: SourceEntry[];
  options?: {
    adaption?: { rule?: string; [option: string]: unknown };
    switch?: Record<string, unknown>;
  };
  startIndex?: number;
  /** A stream group. Its `security` is for each entry that has none of its own. */
  group?: { id?: string; security?: SecurityObject; [option: string]: unknown };
  /** With `service` the vendor's player knows the servers and the RTMP address. */
  defaults?: { service?: string; [option: string]: unknown };
  /** `serverDomain` replaces the host of all `h5live.server` addresses. */
  general?: { serverDomain?: string; [option: string]: unknown };
  [option: string]: unknown;
}

/** A rendition with all its values resolved. */
export interface ResolvedEntry {
  /** Position by quality, 0 the highest; unique. */
  readonly index: number;
  readonly label: string;
  readonly tag: string;
  /** Absolute HLS URL; `null` for an entry that no HLS player can play. */
  readonly url: string | null;
  /** Absolute WHEP address, `http:` or `https:`; `null` for an entry without one. */
  readonly whepUrl: string | null;
  /** Can a player of H5Live connect with what the source says? */
  readonly hasH5live: boolean;
  /** Name its token is asked for. */
  readonly stream: string;
  readonly bitrateKbps: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly framerate: number | null;
  /** The token in the source: the entry's own, else the group's. */
  readonly security: SecurityObject | null;
  /** As it was given, for the vendor's player; `{}` for a group, whose entries only the vendor knows. */
  readonly raw: SourceEntry;
}

/** A resolved source, which engines play. Notations with the same meaning resolve to the same value. */
export interface ResolvedSource {
  readonly entries: readonly ResolvedEntry[];
  /** Index of the entry to start with; `null`: the engine chooses. */
  readonly startIndex: number | null;
  /** `none`: the viewer chooses the rendition manually. */
  readonly rule: string;
  /** As it was given, for the vendor's player. */
  readonly options: NonNullable<PlayerSource['options']>;
  readonly group: NonNullable<PlayerSource['group']> | null;
  /** Members that are unknown here, for the vendor's player. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** What was wrong with the input, and how it was read. */
  readonly warnings: readonly string[];
}

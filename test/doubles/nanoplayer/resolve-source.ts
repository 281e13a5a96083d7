import { lookUpGroup, lookUpStream, type BintuStream } from './bintu-lookup.js';
import type { ClientVersion } from './client-version.js';
import type { H5live, H5liveServer, PlayerSource, SourceEntry } from './player-config.js';
import { withDomain } from './vendor-network.js';

/** An entry with everything that a connection needs. */
export interface ResolvedEntry extends SourceEntry {
  readonly index: number;
  readonly h5live: H5live & {
    readonly server: H5liveServer & { readonly websocket: string };
    readonly rtmp: { readonly url: string; readonly streamname: string };
  };
}

export interface ResolvedSource {
  /** As the page gave it. */
  readonly given: PlayerSource;
  readonly entries: readonly ResolvedEntry[];
  readonly startIndex: number;
  readonly rule: string;
  /** False for a stream or group that bintu says is not live. */
  readonly isLive: boolean;
}

/** What `setup` rejects with, and what `onError` reports. */
export class SourceRefusal extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** What `defaults.service: 'bintu'` fills in. Documentation only (source defaults). */
const bintuDefaults: H5live = {
  server: {
    websocket: 'wss://bintu-h5live.nanocosmos.de:443/h5live/stream.mp4',
    webtransport: 'https://bintu-h5live.nanocosmos.de:443/h5live/moq',
  },
  rtmp: { url: 'rtmp://bintu-play.nanocosmos.de/play' },
};

/** Index for each quality by the number of streams. Documentation only (stream group configuration). */
const qualities = ['high', 'medium-high', 'medium', 'medium-low', 'low'];
const startOfQuality: Readonly<Record<number, readonly number[]>> = {
  2: [0, 0, 1, 1, 1],
  3: [0, 1, 1, 1, 2],
  4: [0, 1, 2, 2, 3],
  5: [0, 1, 2, 3, 4],
};

/**
 * Finds the entries of a source, with a request to bintu for a group or a stream id, each time.
 *
 * @throws SourceRefusal 5004 without anything to play, 5005 without rtmp, 5007 without a websocket. Seen: 5.0.8, 4.31.1.
 */
export async function resolveSource(given: PlayerSource, version: ClientVersion): Promise<ResolvedSource> {
  const found = given.group ? await readGroup(given.group) : await readEntries(given, version);
  const entries = found.map(({ entry }, index) => complete(entry, index, given));
  if (entries.length === 0) throw new SourceRefusal(5004, 'The source is malformed or missing.');
  return {
    given,
    entries,
    startIndex: startIndexOf(given, entries.length, version),
    rule: given.options?.adaption?.rule ?? version.rule,
    isLive: found.every(({ isLive }) => isLive),
  };
}

interface FoundEntry {
  readonly entry: SourceEntry;
  readonly isLive: boolean;
}

async function readGroup({
  id = '',
  apiurl,
  security,
}: NonNullable<PlayerSource['group']>): Promise<FoundEntry[]> {
  const streams = await lookUpGroup(id, apiurl);
  return streams.map((stream) => ({
    entry: entryOf(stream, security && { security }),
    isLive: stream.isLive,
  }));
}

async function readEntries(given: PlayerSource, version: ClientVersion): Promise<FoundEntry[]> {
  const { h5live, bintu } = given;
  const old = version.takesOldNotation && (h5live ?? bintu) ? [{ h5live, bintu } as SourceEntry] : [];
  return Promise.all((given.entries ?? old).map(readEntry));
}

async function readEntry(entry: SourceEntry): Promise<FoundEntry> {
  const id = entry.bintu?.streamid ?? '';
  if (id === '') return { entry, isLive: true };
  const stream = await lookUpStream(id, entry.bintu?.apiurl);
  if (!stream) throw new SourceRefusal(5004, 'The bintu stream was not found.');
  return {
    entry: { ...entryOf(stream, entry.h5live), ...entry, ...h5liveOf(stream, entry.h5live) },
    isLive: stream.isLive,
  };
}

function entryOf(stream: BintuStream, h5live?: H5live): SourceEntry {
  return { label: stream.label, info: stream.info, ...h5liveOf(stream, h5live) };
}

function h5liveOf(stream: BintuStream, h5live?: H5live): { h5live: H5live } {
  return { h5live: { ...stream.h5live, ...(h5live?.security && { security: h5live.security }) } };
}

function complete(entry: SourceEntry, index: number, { defaults, general }: PlayerSource): ResolvedEntry {
  const usual = defaults?.service === 'bintu' ? bintuDefaults : {};
  // An empty `hls`, as in the vendor's examples, means nothing. An address in `hls` does not play. Seen: 5.0.8.
  if (!entry.h5live) throw new SourceRefusal(5004, 'The source is malformed or missing.');
  const { url = usual.rtmp?.url, streamname } = entry.h5live.rtmp ?? {};
  if (!url || !streamname) throw new SourceRefusal(5005, 'The rtmp configuration is missing.');
  const server = { ...usual.server, ...entry.h5live.server };
  if (!server.websocket) throw new SourceRefusal(5007, 'The websocket server is missing.');
  const websocket = withDomain(server.websocket, general?.serverDomain);
  return {
    ...entry,
    index,
    h5live: { ...entry.h5live, server: { ...server, websocket }, rtmp: { url, streamname } },
  };
}

function startIndexOf({ startIndex, group }: PlayerSource, count: number, version: ClientVersion): number {
  const quality = qualities.indexOf(group?.startQuality ?? '');
  const index = quality < 0 ? startIndex : (startOfQuality[count]?.[quality] ?? 0);
  const isValid = index !== undefined && index >= 0 && index < count;
  return isValid ? index : version.startsLowest ? count - 1 : 0;
}

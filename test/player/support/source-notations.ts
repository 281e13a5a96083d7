import { readVendorParameters } from '@gatecast/player/internal/source/read-vendor-parameters';
import type { PlayerSource } from '@gatecast/player';
import type { SecurityObject } from '@gatecast/token';

/** The values that all notations of one source contain. */
export interface SourceParts {
  /** Absolute URL of the playlist. */
  readonly hls: string;
  readonly stream: string;
  /** `null` for an open stream. */
  readonly security: SecurityObject | null;
}

/** Each way to write a source object with one stream and, if it is protected, the stream's token. */
export const notations: Readonly<Record<string, (parts: SourceParts) => PlayerSource>> = {
  'entries with hls': ({ hls, stream, security }) => ({
    entries: [{ index: 0, hls, h5live: { rtmp: { streamname: stream }, ...secured(security) } }],
  }),
  'entries without an index': ({ hls, stream, security }) => ({
    entries: [{ hls, stream, h5live: secured(security) }],
    startIndex: 0,
  }),
  'the old single form': ({ hls, stream, security }) => ({
    hls,
    h5live: { rtmp: { streamname: stream }, ...secured(security) },
  }),
  'the old single form beside an empty list': ({ hls, stream, security }) => ({
    entries: [],
    hls,
    stream,
    h5live: secured(security),
  }),
  'entries with h5live.server.hls': ({ hls, stream, security }) => ({
    entries: [{ index: 0, h5live: connection(hls, stream, security) }],
  }),
  'entries with an empty hls': ({ hls, stream, security }) => ({
    entries: [{ index: 0, hls: '', h5live: connection(hls, stream, security) }],
  }),
  'the old single form with h5live.server.hls': ({ hls, stream, security }) => ({
    h5live: connection(hls, stream, security),
  }),
  'the token in h5live.token': ({ hls, stream, security }) => ({
    entries: [
      {
        index: 0,
        hls,
        h5live: {
          rtmp: { streamname: stream },
          ...(security && { token: security.jwtoken ?? security.token ?? '' }),
        },
      },
    ],
  }),
  'the token in group.security': ({ hls, stream, security }) => ({
    entries: [{ index: 0, hls, stream, h5live: { security: { jwtoken: '' } } }],
    group: { id: 'a-group', ...secured(security) },
  }),
  'URL parameters': ({ hls, stream, security }) => {
    const source = readVendorParameters(
      new URLSearchParams({
        'h5live.server.hls': hls,
        'h5live.rtmp.streamname': stream,
        ...Object.fromEntries(
          Object.entries(security ?? {}).map(([name, value]) => [`h5live.security.${name}`, String(value)]),
        ),
      }),
      { allowedOrigins: [new URL(hls).origin] },
    );
    if (!source) throw new TypeError('The parameters hold no source.');
    return source;
  },
};

function secured(security: SecurityObject | null): { security?: SecurityObject } {
  return security ? { security } : {};
}

function connection(hls: string, streamname: string, security: SecurityObject | null) {
  return { server: { hls }, rtmp: { streamname }, ...secured(security) };
}

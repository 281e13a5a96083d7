import type { PlayerSource, SourceEntry } from '@gatecast/player';

const RTMP_URL = 'rtmp://play.example/play';
const WEBSOCKET = 'wss://h5live.example:443/h5live/stream.mp4';
const HLS = 'https://h5live.example:443/h5live/http/playlist.m3u8';
/** The address that the vendor's HLS server needs for a stream. */
const hlsOf = (streamname: string): string =>
  `https://h5live.example/h5live/http/playlist.m3u8?url=rtmp%3A%2F%2Fplay.example%2Fplay&stream=${streamname}`;

const server = {
  websocket: WEBSOCKET,
  hls: HLS,
  progressive: 'https://h5live.example:443/h5live/http/stream.mp4',
};
const rtmp = (streamname: string) => ({ url: RTMP_URL, streamname });
const names = ['AAAAA-BBBB0', 'AAAAA-BBBB1', 'AAAAA-BBBB2'] as const;
const ids = names.map((_, index) => `0a1b2c3d-0000-4000-8000-00000000000${index}`);
const groupId = '0a1b2c3d-1111-2222-3333-444455556666';
const sts = { token: 'sts-token', expires: '2000000000', options: '9', tag: 'a-tag' };

const rendition = (index: number) => ({
  index,
  label: ['high', 'medium', 'low'][index] ?? '',
  tag: `rendition ${index}`,
  info: { bitrate: 1200 - 400 * index, width: 1280 >> index, height: 720 >> index, framerate: 30 },
});
const streamEntry = (index: number, security: object): SourceEntry => ({
  ...rendition(index),
  hls: '',
  h5live: { rtmp: rtmp(names[index] ?? ''), server, token: '', security },
  bintu: {},
});
const bintuEntry = (index: number, more: object = {}): SourceEntry => ({
  ...rendition(index),
  hls: '',
  ...more,
  bintu: { streamid: ids[index] ?? '' },
});
const abr = {
  options: {
    adaption: { rule: 'deviationOfMean2' },
    switch: { method: 'server', pauseOnError: false, forcePlay: true, fastStart: false, timeout: 10 },
  },
  startIndex: 2,
};
/** The method and `forcePlay` are the element's decisions. */
const abrOptions = {
  adaption: { rule: 'deviationOfMean2' },
  switch: { method: 'client', pauseOnError: false, forcePlay: true, fastStart: false, timeout: 10 },
};

/** An example configuration of the vendor's documentation: its structure, with other values. */
export interface VendorExample {
  /** The page: `nanoplayer_feature_stream_switching` and so on. */
  readonly page: string;
  readonly name: string;
  readonly source: PlayerSource;
  /** Streams that the token endpoint is asked for, best first. */
  readonly streams: readonly string[];
  /** The start entry, the entries' connections and other members that the vendor's player is given. */
  readonly sent: {
    readonly startIndex?: number;
    readonly connections?: readonly object[];
    readonly bintu?: readonly (object | undefined)[];
    readonly options?: object;
    readonly group?: object;
    readonly defaults?: object;
    readonly general?: object;
  };
  /** What an HLS engine plays; empty if it can play nothing. */
  readonly hls: readonly string[];
}

/** The token of each stream. */
export const EXAMPLE_TOKEN = 'fresh-jwt';
const secured = { security: { jwtoken: EXAMPLE_TOKEN } };
const only = names[0];
const bintuDefaults = { service: 'bintu' };
const connected = (streamname: string) => ({ rtmp: rtmp(streamname), server, ...secured });

const single = (connection: object, more: object = {}) => ({
  startIndex: 0,
  connections: [connection],
  ...more,
});

export const vendorExamples: readonly VendorExample[] = [
  {
    page: 'nanoplayer_feature_stream_switching',
    name: 'the old single form, with empty token and security',
    source: { h5live: { rtmp: rtmp(only), server, token: '', security: {} } },
    streams: [only],
    sent: single(connected(only)),
    hls: [hlsOf(only)],
  },
  {
    page: 'nanoplayer_feature_stream_switching, nanoplayer_update_source',
    name: 'a single entry, with an empty hls',
    source: { entries: [streamEntry(0, {})] },
    streams: [only],
    sent: single(connected(only), { bintu: [{}] }),
    hls: [hlsOf(only)],
  },
  {
    page: 'nanoplayer_feature_stream_switching, nanoplayer_update_source',
    name: 'several entries with ABR',
    source: { entries: [0, 1, 2].map((index) => streamEntry(index, {})), ...abr },
    streams: names,
    sent: { startIndex: 2, connections: names.map(connected), options: abrOptions },
    hls: names.map(hlsOf),
  },
  {
    page: 'nanoplayer_feature_stream_switching',
    name: 'several entries with ABR and security',
    source: { entries: [0, 1, 2].map((index) => streamEntry(index, sts)), ...abr },
    streams: names,
    sent: { startIndex: 2, connections: names.map(connected), options: abrOptions },
    hls: names.map(hlsOf),
  },
  {
    page: 'nanoplayer_feature_stream_switching',
    name: 'several bintu entries with ABR',
    source: { entries: [0, 1, 2].map((index) => bintuEntry(index)), ...abr },
    streams: ids,
    sent: {
      startIndex: 2,
      connections: ids.map(() => secured),
      bintu: ids.map((streamid) => ({ streamid })),
      options: abrOptions,
    },
    hls: [],
  },
  {
    page: 'nanoplayer_feature_stream_switching',
    name: 'several bintu entries with ABR and security',
    source: {
      entries: [0, 1, 2].map((index) => bintuEntry(index, { h5live: { security: sts } })),
      ...abr,
    },
    streams: ids,
    sent: {
      startIndex: 2,
      connections: ids.map(() => secured),
      bintu: ids.map((streamid) => ({ streamid })),
      options: abrOptions,
    },
    hls: [],
  },
  {
    page: 'nanoplayer_feature_stream_group_configuration',
    name: 'a group with security and a start quality',
    source: {
      group: { id: groupId, security: { jwtoken: 'pasted-jwt' }, startQuality: 'medium' },
    },
    streams: [groupId],
    sent: { group: { id: groupId, ...secured, startQuality: 'medium' } },
    hls: [],
  },
  {
    page: 'nanoplayer_getting_started',
    name: 'a group with a start index, an API address and ABR',
    source: {
      group: { id: groupId, apiurl: 'https://api.example' },
      options: { adaption: { rule: 'deviationOfMean2' } },
      startIndex: 0,
    },
    streams: [groupId],
    sent: { startIndex: 0, group: { id: groupId, apiurl: 'https://api.example', ...secured } },
    hls: [],
  },
  {
    page: 'nanoplayer_feature_source_defaults',
    name: 'defaults with a stream name only',
    source: { defaults: bintuDefaults, entries: [{ h5live: { rtmp: { streamname: only } } }] },
    streams: [only],
    sent: single({ rtmp: { streamname: only }, ...secured }, { defaults: bintuDefaults }),
    hls: [],
  },
  {
    page: 'nanoplayer_feature_source_defaults',
    name: 'no defaults',
    source: { entries: [{ h5live: { rtmp: rtmp(only), server } }] },
    streams: [only],
    sent: single(connected(only)),
    hls: [hlsOf(only)],
  },
  {
    page: 'nanoplayer_feature_source_defaults',
    name: 'defaults with an RTMP address',
    source: { defaults: bintuDefaults, entries: [{ h5live: { rtmp: rtmp(only) } }] },
    streams: [only],
    sent: single({ rtmp: rtmp(only), ...secured }, { defaults: bintuDefaults }),
    hls: [],
  },
  {
    page: 'nanoplayer_feature_source_defaults',
    name: 'defaults with servers',
    source: { defaults: bintuDefaults, entries: [{ h5live: { rtmp: { streamname: only }, server } }] },
    streams: [only],
    sent: single({ rtmp: { streamname: only }, server, ...secured }, { defaults: bintuDefaults }),
    // The RTMP address is known to the vendor's player only.
    hls: [],
  },
  {
    page: 'nanoplayer_feature_source_defaults',
    name: 'defaults with a server domain',
    source: {
      defaults: bintuDefaults,
      general: { serverDomain: 'eu.h5live.example' },
      entries: [{ h5live: { rtmp: { streamname: only } } }],
    },
    streams: [only],
    sent: single(
      { rtmp: { streamname: only }, ...secured },
      { defaults: bintuDefaults, general: { serverDomain: 'eu.h5live.example' } },
    ),
    hls: [],
  },
  {
    page: 'nanoplayer_feature_source_defaults',
    name: 'a bintu stream with a server domain',
    source: {
      general: { serverDomain: 'eu.h5live.example' },
      entries: [{ bintu: { streamid: ids[0] ?? '' } }],
    },
    streams: [ids[0] ?? ''],
    sent: single(secured, { bintu: [{ streamid: ids[0] }], general: { serverDomain: 'eu.h5live.example' } }),
    hls: [],
  },
  {
    page: 'nanoplayer_feature_source_defaults',
    name: 'servers with a server domain, which wins',
    source: {
      general: { serverDomain: 'eu.h5live.example' },
      entries: [{ h5live: { rtmp: rtmp(only), server } }],
    },
    streams: [only],
    sent: single(connected(only), { general: { serverDomain: 'eu.h5live.example' } }),
    hls: [hlsOf(only).replace('h5live.example', 'eu.h5live.example')],
  },
  {
    page: 'faq_h5live_player_bintu, nanoplayer_getting_started (version 4)',
    name: 'the old single form with a bintu stream',
    source: { bintu: { apiurl: 'https://api.example', streamid: ids[0] ?? '' } },
    streams: [ids[0] ?? ''],
    sent: single(secured, { bintu: [{ apiurl: 'https://api.example', streamid: ids[0] }] }),
    hls: [],
  },
  {
    page: 'nanoplayer_feature_moq (version 5)',
    name: 'servers with webtransport',
    source: {
      entries: [
        {
          index: 0,
          h5live: {
            rtmp: rtmp(only),
            server: { ...server, webtransport: 'https://h5live.example/h5live/stream' },
          },
        },
      ],
    },
    streams: [only],
    sent: {
      startIndex: 0,
      connections: [
        {
          rtmp: rtmp(only),
          server: { ...server, webtransport: 'https://h5live.example/h5live/stream' },
          ...secured,
        },
      ],
    },
    hls: [hlsOf(only)],
  },
  {
    page: 'nanoplayer_security_jwt',
    name: 'an entry with a JWT',
    source: { entries: [{ h5live: { rtmp: rtmp(only), server, security: { jwtoken: 'pasted-jwt' } } }] },
    streams: [only],
    sent: single(connected(only)),
    hls: [hlsOf(only)],
  },
  {
    page: 'nanoplayer_api (updateSource)',
    name: 'the old single form with parameters for the server',
    source: { h5live: { rtmp: rtmp(only), server, params: { region: 'eu' } } },
    streams: [only],
    sent: { startIndex: 0, connections: [{ ...connected(only), params: { region: 'eu' } }] },
    hls: [hlsOf(only)],
  },
  {
    page: 'nanoplayer_api (updateSource)',
    name: 'the old single form with an HLS address',
    source: { hls: 'https://media.example/live/one.m3u8' },
    streams: ['one'],
    sent: {},
    hls: ['https://media.example/live/one.m3u8'],
  },
];

import { ownEnds } from '@gatecast/contract';
import { GatecastError, type Clock } from '@gatecast/token';
import { readRetryAfterMs } from '@gatecast/token';
import { parseTokenResponse } from '@gatecast/token/internal/source/parse-token-response';
import { readTokenTimes } from '@gatecast/token/internal/source/token';
import { renewedValue } from '@gatecast/token/internal/request/renewed-token';
import { readPlaylistFacts } from '@gatecast/player/internal/engine/native/playlist-facts';
import { checkPlaylist } from '@gatecast/player/internal/loading/check-playlist';
import { readDecodeTime, readTracks } from '@gatecast/player/internal/media/read-fmp4';
import { peekPlaylist } from '@gatecast/player/internal/loading/peek-playlist';
import { readLayers } from '@gatecast/player/internal/engine/whep/read-layers';
import { ServerEvents } from '@gatecast/player/internal/engine/whep/server-events';
import { EventParser } from '@gatecast/token/internal/source/event-parser';
import { wordOfEvent, wordOfStatus } from '@gatecast/webcaster/internal/broadcast/server-word';
import { findServerEvents } from '@gatecast/webcaster/internal/publisher/whip/server-events';
import { whipErrors } from '@gatecast/webcaster/internal/publisher/whip/whip-errors';
import { readOpus, withAudioMode } from '@gatecast/webcaster/internal/publisher/whip/opus-parameters';
import { withStartBitrate } from '@gatecast/webcaster/internal/publisher/whip/start-bitrate';
import { iceServersOf, parseLinks } from '@gatecast/webrtc/internal/link-header';
import { resolveLocation } from '@gatecast/webrtc/internal/read-answer';
import { offersTrickle, readFragment, restartAnswer } from '@gatecast/webrtc/internal/trickle-fragment';
import { M3U8Parser } from 'hls.js';
import { hostileLines } from './hostile-texts.js';

/** A function that reads text of another server. */
export interface RemoteReader {
  /** Reads a text. It returns anything, or throws a GatecastError: any other error is a fault. */
  readonly read: (text: string) => unknown;
  /** What the texts of its fuzz test are made of. */
  readonly alphabet: readonly string[];
  readonly prefix?: string;
  readonly suffix?: string;
}

const BASE = 'https://origin.example/live/a.m3u8';
const ANSWER = 'v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\n';
const MUSIC = { audioMode: 'music', audioBitrateKbps: 256 } as const;

/** hls.js reads a playlist only after the check, so both together are one reader. */
function parseWithHls(text: string): void {
  checkPlaylist(text, BASE);
  try {
    if (M3U8Parser.isMediaPlaylist(text)) {
      M3U8Parser.parseLevelPlaylist(text, BASE, 0, 'main' as never, 0, null);
    } else {
      const parsed = M3U8Parser.parseMasterPlaylist(text, BASE);
      M3U8Parser.parseMasterPlaylistMedia(text, BASE, parsed);
    }
  } catch (cause) {
    // The loader reports it with this code.
    throw new GatecastError('source-invalid', 'hls.js cannot read it.', { hint: '', cause });
  }
}

const sdpAlphabet = [
  'm=video 9 x 96',
  'm=',
  'a=fmtp:96 ',
  'a=rtpmap:96 ',
  'a=candidate:',
  'a=mid:0',
  'a=ice-ufrag:',
  'a=ice-options:',
  'trickle ',
  '\r',
  '\n',
  '\r\n',
  ' ',
  'x',
  '$&',
];
const linkAlphabet = [
  '<',
  '>',
  ';',
  ',',
  '=',
  '"',
  '\\',
  ' ',
  '\t',
  'a',
  'rel=ice-server',
  '<turn:t>',
  'username="',
];
const eventAlphabet = [
  ...['event: layers', 'event: viewercount', 'event: reconnect', 'event: inactive', 'event:'],
  ...[
    'data: {"viewercount":-1e999}',
    'data: {"url":"http://[bad/x"}',
    'data: {"0":[{"rid":"a"},',
    'data',
    'id: 1',
  ],
  ...['retry: 999999999', 'retry: -1', ': comment', '\r', '\r\n', '\n', '\n\n', '\ufeff', '\0', '€'],
];
const tokenAlphabet = ['a', '.', 'eyJ', '{', '[', '"', ' ', '\\', ':', ',', '1', '\n'];
/** Sends the text in pieces, as a network does. Those who read events catch an error, and repeat the request later. */
function parseEvents(text: string): void {
  const parser = new EventParser(wordOfEvent, () => undefined);
  const bytes = new TextEncoder().encode(text);
  try {
    for (let at = 0; at < bytes.length; at += 7) parser.push(bytes.subarray(at, at + 7));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
  }
}

/** The text is all that a WHEP server sends as events. */
async function followWhepEvents(text: string): Promise<void> {
  const stopping = new AbortController();
  const clock: Clock = {
    now: () => 0,
    // It would wait for the next request.
    at: () => {
      queueMicrotask(() => stopping.abort());
      return () => undefined;
    },
    onWake: () => () => undefined,
    pending: 0,
  };
  const response = () => new Response(text, { headers: { 'Content-Type': 'text/event-stream' } });
  const events = new ServerEvents({
    host: { element: new EventTarget() as HTMLElement, report: () => undefined },
    tokens: {
      withoutTokens: (url) => url,
      isAllowedOrigin: () => true,
      ready: () => Promise.resolve(),
      keepUntil: () => undefined,
      fetch: () => Promise.resolve(response()),
    },
    eventsUrl: BASE,
    layerUrl: BASE,
    layer: { request: null },
    offered: '',
    stream: 'a',
    created: { baseUrl: BASE },
    clock,
    random: () => 0,
    onActive: () => undefined,
    onReconnect: () => undefined,
    onLayersGone: () => undefined,
    signal: stopping.signal,
  });
  await events.run();
}

const json = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

/**
 * Every reader of text that another server has written, in the browser. Add each new one here: the fuzz test then asserts
 * that its time grows no faster than the text, and that it throws only typed errors.
 */
export const remoteReaders: Readonly<Record<string, RemoteReader>> = {
  'playlist, before the engine is loaded': {
    read: (text) => peekPlaylist(text, BASE),
    alphabet: hostileLines,
    prefix: '#EXTM3U\n',
  },
  'playlist, for a native player': {
    read: (text) => readPlaylistFacts(BASE, () => Promise.resolve({ text, url: BASE })).catch(rethrowUntyped),
    alphabet: hostileLines,
    prefix: '#EXTM3U\n#EXT-X-TARGETDURATION:2\n',
  },
  'media playlist, by hls.js': {
    read: parseWithHls,
    alphabet: hostileLines,
    prefix: '#EXTM3U\n#EXT-X-TARGETDURATION:2\n',
  },
  'multivariant playlist, by hls.js': {
    read: parseWithHls,
    alphabet: hostileLines.filter((line) => !/^#EXT(?:INF|-X-TARGETDURATION):/.test(line)),
    prefix: '#EXTM3U\n',
  },
  'Link header': { read: iceServersOf, alphabet: linkAlphabet },
  'Link header of a WHEP server': {
    read: (text) => [parseLinks(text), findServerEvents(text, BASE)],
    alphabet: [
      ...linkAlphabet,
      'rel="',
      '<http://[bad/x>',
      '; events="',
      'urn:ietf:params:whep:ext:core:server-sent-events',
    ],
  },
  'events of a server': { read: parseEvents, alphabet: eventAlphabet },
  'events of a WHEP server': { read: followWhepEvents, alphabet: eventAlphabet, suffix: '\n\n' },
  'layers of a WHEP server, by media section': {
    read: (text) => readLayers(json(`{${text}"z":[]}`), 'a'),
    alphabet: [
      ...[
        '"0":[{"rid":"a","height":720},{"rid":"b"}],',
        '"1":{"layers":[]},',
        '"2":[null,[[]],1],',
        '"":{"layers":{}},',
      ],
      ...[
        '"__proto__":[{"encodingId":1}],',
        '"constructor":"a",',
        '"3":[{"rid":"a","bitrate":1e999}],',
        '"a',
      ],
    ],
  },
  'layers of a WHEP server, in one section': {
    read: (text) => readLayers(json(`{"0":[${text}{"rid":"z"}]}`), 'a'),
    alphabet: [
      ...[
        '{"rid":"a"},',
        '{"encodingId":1,"height":-1},',
        '{"rid":{},"spatialLayerId":0},',
        'null,',
        '[[]],',
      ],
      ...['{"rid":"b","width":1e999,"targetBitrate":1e308},', '{"__proto__":{"rid":"c"}},', '"a",'],
    ],
  },
  'layers of a WHEP server, with a long name': {
    read: (text) =>
      readLayers({ [text]: Array.from({ length: 64 }, (_, rid) => ({ rid })), 0: [{ rid: text }] }, text),
    alphabet: ['a', '"', '\\', '\0', '__proto__', '€'],
  },
  'status of a broadcast': {
    read: wordOfStatus,
    alphabet: ['{"onAir":', '[', '{', '"live":true,', 'null', '}', '1'],
  },
  'Location header': {
    read: (text) => resolveLocation(text, BASE, whipErrors),
    alphabet: ['/', '.', ':', '@', '[', '%', '?', '#', 'http://', 'a', ' '],
  },
  'Retry-After header': {
    read: (text) => readRetryAfterMs(new Headers({ 'Retry-After': text.replace(/[^ -~]/g, ' ') })),
    alphabet: ['1', ' ', ',', 'Mon', ':', '-', 'GMT'],
  },
  'SDP answer': { read: (text) => withStartBitrate(text, 1000), alphabet: sdpAlphabet, prefix: ANSWER },
  'Opus in an SDP answer': {
    read: (text) => withAudioMode(text, MUSIC, readOpus(text, MUSIC)),
    alphabet: [
      ...['a=rtpmap:111 opus/48000/2\r\n', 'a=fmtp:111 stereo=1;', 'maxaveragebitrate=1;', ';', '=', '\r\n'],
      ...['m=audio 9 x 111\r\n', 'a=fmtp:', '111 '],
    ],
    prefix: 'm=audio 9 x 111\r\na=rtpmap:111 opus/48000/2\r\n',
  },
  'SDP options': { read: offersTrickle, alphabet: sdpAlphabet },
  'answer to a PATCH': {
    read: (text) => {
      const fragment = readFragment(text);
      return fragment && restartAnswer(ANSWER, fragment);
    },
    alphabet: sdpAlphabet,
    prefix: 'a=ice-ufrag:u\r\na=ice-pwd:p\r\n',
  },
  'token response': { read: (text) => parseTokenResponse(json(text), ['a']), alphabet: tokenAlphabet },
  'token response with many items': {
    read: (text) => parseTokenResponse(json(`{"tokens":[${text}{"stream":"b","token":"t"}]}`), ['a']),
    alphabet: [
      '{"stream":"a","token":"t"},',
      '{"stream":"__proto__","security":{"token":"t"}},',
      '{"stream":1},',
    ],
  },
  'token response with items for many origins': {
    read: (text) => parseTokenResponse(json(`{"tokens":[${text}{"stream":"b","token":"t"}]}`), ['a']),
    alphabet: [
      '{"stream":"a","token":"t","origins":["https://a.example"]},',
      '{"stream":"a","query":{"a":"b"},"origins":["https://b.example","https://c.example"]},',
      '{"stream":"a","path":"/a/b","origins":[1]},',
    ],
  },
  'own end of a token': {
    read: (text) => ownEnds({ token: text, query: { a: text }, path: text, url: `${BASE}?${text}` }),
    alphabet: [
      'exp=1',
      '~',
      '&',
      'Expires=',
      '99999999',
      'endtime',
      'eyJ',
      '0oRD',
      '-',
      '_',
      'A',
      '%2b',
      '/',
    ],
  },
  'renewed token in an answer': {
    read: (text) => {
      const answer = {
        url: `${BASE}?${text}`,
        headers: new Headers({ 'CTA-Common-Access-Token': text.replace(/[^ -~]/g, ' ') }),
      };
      return renewedValue({ kind: 'query', name: 'a' }, 't', { url: BASE }, answer);
    },
    alphabet: ['a=', '&', '%', '%zz', '=', ' ', '?', '#', 'CAT='],
  },
  'segment of an origin': {
    read: (text) => {
      const { buffer } = Uint8Array.from(text, (each) => each.charCodeAt(0));
      return [readTracks(buffer), readDecodeTime(buffer, [])];
    },
    alphabet: [
      '\0\0\0\x08moov',
      '\0\0\0\x10moof',
      '\0\0\0\x08traf',
      'trak',
      'tfhd',
      '\0\0\0\0',
      '\x01',
      '\xff',
    ],
    prefix: '\0\0\0\0moov',
  },
  'times of a token': {
    read: (text) => readTokenTimes(text, undefined),
    alphabet: ['eyJ', 'a', 'W10', '-', '_'],
    prefix: 'eyJ.',
    suffix: '.',
  },
};

function rethrowUntyped(error: unknown): void {
  if (!(error instanceof GatecastError)) throw error;
}

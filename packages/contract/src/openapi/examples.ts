import type { TokenAnswer, TokenRequest, TokenResponse } from '../token-endpoint.js';
import { tokenProblemStatus, type TokenProblem, type TokenProblemCode } from '../token-problem.js';

const NOW = 1_708_457_000;
const END = 1_708_457_300;

/** An example JWT with an invalid signature. */
function exampleJwt(stream: string): string {
  const part = (value: object) => btoa(JSON.stringify(value)).replaceAll('=', '');
  const header = { alg: 'RS256', kid: 'ABC123', typ: 'JWT' };
  return `${part(header)}.${part({ sub: stream, aud: 'v', exp: END })}.c2lnbmF0dXJl`;
}

const signedUrl = `https://cdn.example/demo-high/index.m3u8?Expires=${String(END)}&Signature=c2lnbmF0dXJl`;

export const requestExamples: Readonly<Record<string, TokenRequest>> = {
  playback: { purpose: 'playback', streams: ['demo-high', 'demo-low'], reason: 'initial' },
  ingest: { purpose: 'ingest', streams: ['studio-1'], reason: 'initial' },
  renewal: { purpose: 'playback', streams: ['demo-high'], reason: 'scheduled' },
};

/** Responses of the endpoint. */
export const responseExamples: Readonly<Record<string, TokenResponse>> = {
  tokens: {
    tokens: [
      { stream: 'demo-high', token: exampleJwt('demo-high'), expiresAt: END },
      { stream: 'demo-low', token: exampleJwt('demo-low'), expiresAt: END },
    ],
    serverTime: NOW,
  },
  security: {
    tokens: [
      {
        stream: 'demo-high',
        security: { token: 'e0cd1f0a7a', expires: String(END), options: '9', tag: 'vip' },
        expiresAt: END,
      },
    ],
    serverTime: NOW,
  },
  securityWithoutEnd: {
    tokens: [{ stream: 'demo-high', security: { token: 'e0cd1f0a7a', options: '2' } }],
    serverTime: NOW,
  },
  query: {
    tokens: [
      {
        stream: 'demo-high',
        query: { Policy: 'eyJTdGF0ZW1lbnQi', Signature: 'c2lnbmF0dXJl', 'Key-Pair-Id': 'K2JCJMDEHXQW5F' },
        expiresAt: END,
      },
    ],
    serverTime: NOW,
  },
  headers: {
    tokens: [{ stream: 'demo-high', headers: { 'CTA-Common-Access-Token': 'c2lnbmF0dXJl' }, expiresAt: END }],
    serverTime: NOW,
  },
  path: {
    tokens: [
      { stream: 'demo-high', path: `/bcdn_token=c2lnbmF0dXJl&expires=${String(END)}`, expiresAt: END },
    ],
    serverTime: NOW,
  },
  cookie: { tokens: [{ stream: 'demo-high', cookie: true, expiresAt: END }], serverTime: NOW },
  url: {
    tokens: [{ stream: 'demo-high', url: signedUrl, expiresAt: END }],
    url: signedUrl,
    serverTime: NOW,
  },
  severalOrigins: {
    tokens: [
      {
        stream: 'demo-high',
        query: { hdnts: `exp=${String(END)}~acl=/demo-high/*~hmac=c2lnbmF0dXJl` },
        origins: ['https://a.cdn.example'],
        expiresAt: END,
      },
      {
        stream: 'demo-high',
        token: exampleJwt('demo-high'),
        origins: ['https://b.cdn.example'],
        expiresAt: END,
      },
    ],
    serverTime: NOW,
  },
  playlists: {
    tokens: [{ stream: 'demo-low', token: exampleJwt('demo-low'), expiresAt: END }],
    serverTime: NOW,
    playlists: {
      'https://media.example/live/demo-low.m3u8':
        '#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\ndemo-low-1.m4s\n',
    },
  },
};

/** Responses in parts: JSON, and then the bytes of each media part. */
export const multipartExamples: Readonly<Record<string, readonly [TokenResponse, ...string[]]>> = {
  media: [
    {
      tokens: [{ stream: 'demo-low', token: exampleJwt('demo-low'), expiresAt: END }],
      serverTime: NOW,
      playlists: {
        'https://media.example/live/demo-low.m3u8':
          '#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:2\n#EXT-X-MAP:URI="low.mp4",BYTERANGE="700@0"\n#EXTINF:2,\nlow-1.m4s\n',
      },
      media: [
        { url: 'https://media.example/live/low.mp4', range: '0-699' },
        { url: 'https://media.example/live/low-1.m4s' },
      ],
    },
    'the 700 bytes of the init segment',
    'the bytes of the media segment',
  ],
};

/** Other response forms that clients accept from existing backends. They name no stream, so they apply to each one. */
export const acceptedExamples: Readonly<Record<string, TokenAnswer>> = {
  token: { token: exampleJwt('demo-high'), expiresAt: END, serverTime: NOW },
  success: { success: true, data: { token: exampleJwt('demo-high') } },
  security: { security: { jwtoken: exampleJwt('demo-high') } },
  jwtoken: { jwtoken: exampleJwt('demo-high') },
  h5live: { h5live: { security: { token: 'e0cd1f0a7a', expires: String(END), options: '1', tag: '' } } },
  text: exampleJwt('demo-high'),
  url: { url: signedUrl, expiresAt: END },
  query: { query: { token: 'c2lnbmF0dXJl', expires: String(END) }, expiresAt: END, serverTime: NOW },
};

const DETAILS: Readonly<Record<TokenProblemCode, string>> = {
  'request-invalid': 'The body is not a token request.',
  'request-too-large': 'The body is larger than 16384 bytes.',
  'request-timeout': 'The body did not arrive in time.',
  'media-type-unsupported': 'The body is not JSON.',
  'method-not-allowed': 'The method is not POST.',
  'dpop-proof-missing': 'The request has no proof of possession.',
  'dpop-proof-invalid': 'The proof has been used before.',
  'dpop-nonce-required': 'The proof has no valid nonce.',
  unauthenticated: 'The request is not authenticated.',
  forbidden: 'The caller may not access these streams.',
  'purpose-unsupported': 'This endpoint issues no tokens for the purpose.',
  'rate-limited': 'Too many tokens were requested.',
  'concurrent-limit': 'The user may watch at most 4 streams at the same time.',
  revoked: 'The access to these streams has been ended.',
  moved: 'The stream has moved to another name or page.',
  'issuer-parameter-invalid': 'The issuer cannot issue a token with these parameters.',
  'issuer-cannot-bind': 'The issuer cannot bind a token to a key.',
  'vendor-refused': 'The vendor’s token service refused the request.',
  'vendor-failed': 'The vendor’s token service failed.',
  'vendor-timeout': 'The vendor’s token service did not respond in time.',
  'vendor-unavailable':
    'The vendor’s token service failed several times. New requests wait until Retry-After.',
  'store-unavailable': 'Limits cannot be checked at the moment.',
  internal: 'The server failed.',
};

/** The problems of one HTTP status, by code. */
export function problemExamples(status: number): Record<string, TokenProblem> {
  const codes = Object.entries(DETAILS).filter(([code]) => statusOf(code) === status);
  return Object.fromEntries(
    codes.map(([code, detail]) => [
      code,
      { type: 'about:blank', title: code.replaceAll('-', ' '), status, code, detail },
    ]),
  );
}

/** The HTTP statuses of all problems, in order. */
export const problemStatuses: readonly number[] = [...new Set(Object.values(tokenProblemStatus))].sort();

function statusOf(code: string): number | undefined {
  return Object.entries(tokenProblemStatus).find(([each]) => each === code)?.[1];
}

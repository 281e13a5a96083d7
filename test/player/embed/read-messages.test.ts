import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  BODY_LIMIT,
  readConnect,
  readFrameMessage,
  readHostMessage,
} from '@gatecast/player/internal/embed/read-messages';

const response = { type: 'token-response', id: 1, status: 200, body: '{}', contentType: 'text/plain' };
const request = { type: 'token-request', id: 1, purpose: 'playback', streams: ['a'], reason: 'initial' };
const problem = { code: 'revoked', message: 'Ended.', hint: 'Wait.', retryable: false, status: 403 };
const state = { paused: true, ended: false, muted: true, volume: 1, currentTime: 2, readyState: 4 };

/** What any page can post. */
const nonsense: unknown[] = [
  ...[undefined, null, 0, '', 'connect', true, Symbol('x'), 1n, [], [[]], {}, new Map(), new Date(NaN)],
  ...[{ type: 'connect' }, { gatecast: 'embed' }, { type: { toString: null } }, { id: {} }, () => 1],
];

describe('messages between an embed page and the page around it', () => {
  it('are null if they have another form', () => {
    for (const read of [readConnect, readHostMessage, readFrameMessage])
      for (const data of nonsense) assert.equal(read(data), null);
  });

  it('hand over a port with a version', () => {
    const connect = { gatecast: 'embed', type: 'connect', version: 1 };
    assert.deepEqual(readConnect(connect), { ...connect, perStream: false });
    assert.deepEqual(readConnect({ ...connect, perStream: true, token: 'x' }), {
      ...connect,
      perStream: true,
    });
    for (const version of ['1', 1.5, NaN, null]) assert.equal(readConnect({ ...connect, version }), null);
  });

  it('have a token response as text with a status', () => {
    assert.deepEqual(readHostMessage(response), { ...response, retryAfter: '' });
    assert.deepEqual(readHostMessage({ type: 'token-response', id: 1, status: 0 }), {
      ...{ type: 'token-response', id: 1, status: 0 },
      ...{ body: '', contentType: 'application/json', retryAfter: '' },
    });
    const none = { body: '', contentType: 'application/json', retryAfter: '' };
    // As `headers.get()` returns it.
    assert.deepEqual(
      readHostMessage({ ...response, status: 403, body: null, contentType: null, retryAfter: null }),
      {
        ...{ type: 'token-response', id: 1, status: 403 },
        ...none,
      },
    );
    for (const wrong of [
      ...[{ status: 199 }, { status: 600 }, { status: '200' }, { status: 200.5 }],
      ...[{ body: {} }, { body: 'x'.repeat(BODY_LIMIT + 1) }, { contentType: 1 }, { retryAfter: [] }],
    ])
      assert.deepEqual(readHostMessage({ ...response, ...wrong }), {
        ...{ type: 'token-response', id: 1, status: 0 },
        ...none,
      });
    for (const id of ['1', null]) assert.equal(readHostMessage({ ...response, id }), null);
  });

  it('have the commands that the player knows', () => {
    const read = (command: unknown) => readHostMessage({ type: 'command', id: 2, command });
    for (const command of [
      ...[{ name: 'play' }, { name: 'pause' }, { name: 'set-muted', muted: false }],
      ...[
        { name: 'refresh-token', stream: 'a' },
        { name: 'load', src: '/a.m3u8', whep: undefined, stream: 'a' },
        { name: 'load', src: undefined, whep: '/whep/a', stream: undefined },
      ],
    ])
      assert.deepEqual(read(command), { type: 'command', id: 2, command });
    for (const command of [
      ...[null, 'play', { name: 'eval' }, { name: 'set-muted', muted: 'no' }, { name: 'load' }],
      ...[
        { name: 'load', src: 1 },
        { name: 'load', src: '/a', whep: 1 },
        { name: 'refresh-token', stream: {} },
        { name: 'toString' },
      ],
    ])
      assert.equal(read(command), null);
  });

  it('ask for tokens with names, purpose and reason', () => {
    assert.deepEqual(readFrameMessage(request), request);
    for (const wrong of [
      ...[{ streams: [] }, { streams: [1] }, { streams: 'a' }, { streams: Array(257).fill('a') }],
      ...[{ purpose: 'admin' }, { reason: 'because' }, { id: 0.5 }, { streams: ['a'.repeat(8193)] }],
    ])
      assert.equal(readFrameMessage({ ...request, ...wrong }), null);
  });

  it('report state, tokens and errors, without further members', () => {
    const messages = [
      { type: 'state', state: { ...state, duration: null } },
      { type: 'connected', version: 1 },
      { type: 'token-cancel', id: 4 },
      { type: 'disconnected' },
      { type: 'result', id: 4, problem: null },
      { type: 'result', id: 4, problem },
      { type: 'error', problem },
      { type: 'token-refreshed', stream: 'a', reason: 'scheduled', expiresAtMs: 5 },
      { type: 'token-failed', stream: 'a', problem, willRetryInMs: null },
    ];
    for (const message of messages) assert.deepEqual(readFrameMessage({ ...message, token: 'x' }), message);
    for (const message of [
      ...[{ type: 'state', state: { ...state, volume: 'loud' } }, { type: 'state' }, { type: 'error' }],
      ...[
        { type: 'token-failed', stream: 'a' },
        { type: 'token-refreshed', stream: 1 },
        { type: 'connected' },
      ],
    ])
      assert.equal(readFrameMessage(message), null);
  });
});

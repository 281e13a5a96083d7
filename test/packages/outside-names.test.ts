import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError, TokenManager } from '@gatecast/token';
import { chooseEngines } from '@gatecast/player/internal/engine/registry';
import { buildVendorConfig } from '@gatecast/player/internal/engine/nanoplayer/build-vendor-config';
import { readVendorError } from '@gatecast/player/internal/engine/nanoplayer/read-vendor-error';
import { BUILT_IN_LANGUAGES } from '@gatecast/player/internal/messages/built-in-languages';
import { playerMessageTables } from '@gatecast/player/internal/messages/message-tables';
import { keyAction } from '@gatecast/player/internal/overlay/skin/key-action';
import { streamNameOf } from '@gatecast/contract';
import { parseTokenResponse } from '@gatecast/token/internal/source/parse-token-response';
import { captureError } from '@gatecast/webcaster/internal/capture/capture-errors';
import { loadMessages } from '@gatecast/webcaster/internal/messages/load-messages';
import { messagesEn as webcasterEn } from '@gatecast/webcaster/internal/messages/messages-en';
import { createPublisher } from '@gatecast/webcaster/internal/publisher/registry';
import { inspectSecret } from '../../demo/lab/inspector/inspect-secret.js';
import { readFaultParameters } from '../../demo/shared/faults/fault-parameters.js';
import { fakeJwt } from '../support/jwt.js';
import { resolveSource } from '@gatecast/player/internal/source/resolve-source';

const CAPABILITIES = { hasMediaSource: true, hasNativeHls: true, hasWebRtc: true };
const SOURCE = resolveSource({ hls: 'https://media.example/a.m3u8' }, 'https://page.example/');

/** Names that a plain object has without anyone having set them. */
const INHERITED = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];
const BASE = 'https://page.example/';

/** Each look-up by a name from outside: an attribute, a response, a vendor's event, an address. */
const doors: Readonly<Record<string, (name: string) => unknown>> = {
  'the language of the player': (name) => {
    assert.equal(BUILT_IN_LANGUAGES.get(name), undefined);
    assert.deepEqual(playerMessageTables.get(name), {});
  },
  'the language of the webcaster': async (name) => assert.deepEqual(await loadMessages(name), webcasterEn),
  'the engine': (name) =>
    assert.throws(
      () => chooseEngines(name as never, CAPABILITIES, SOURCE),
      (error) => error instanceof GatecastError && error.code === 'option-invalid',
    ),
  'the publisher': (name) =>
    assert.rejects(
      () => createPublisher(name as never, {} as never),
      (error) => error instanceof GatecastError && error.code === 'publisher-unsupported',
    ),
  'a key of the keyboard': (name) => {
    assert.equal(keyAction({ key: name, ctrlKey: false, altKey: false, metaKey: false }, 'volume'), null);
  },
  'the code of a vendor’s error': (name) => {
    const remedy = readVendorError({
      code: name as never,
      majorVersion: 4,
      pauseReason: null,
      isTokenOld: false,
      hasPlayed: false,
      refusals: 0,
    });
    assert.ok(remedy.kind === 'fail' && remedy.error.hint.startsWith('See the vendor'));
  },
  'an event in a vendor’s config': (name) => {
    const events = Object.fromEntries([[name, () => undefined]]);
    const config = buildVendorConfig({
      source: {} as never,
      pageConfig: { events },
      isAutoplay: false,
      isMuted: false,
      hasControls: false,
      listeners: { onReady: () => undefined },
    });
    const listener = Object.entries(config.events).find(([key]) => key === name)?.[1];
    listener?.({} as never);
    assert.deepEqual(Object.keys(config.events).sort(), [name, 'onReady'].sort());
  },
  'the index to start with': (name) => {
    const source = { entries: [{ hls: '/a.m3u8' }, { hls: '/b.m3u8' }], startIndex: name as never };
    assert.equal(resolveSource(source, BASE).startIndex, null);
  },
  'the name of a browser’s error': (name) => {
    const cause = Object.assign(new Error('x'), { name });
    assert.equal(captureError(cause, 'camera').code, 'device-failed');
  },
  'the name of a stream': async (name) => {
    assert.equal(streamNameOf(`${BASE}${name}.m3u8`), name);
    const manager = new TokenManager({
      source: { key: {}, request: () => Promise.resolve({ tokens: [{ stream: name, token: 't' }] }) },
      purpose: 'playback',
    });
    assert.equal((await manager.get(name)).value, 't');
    assert.equal(manager.status(name).state, 'fresh');
  },
  'a member of a token response': (name) => {
    const text = `{"tokens":[{"stream":"a","security":{"token":"t","${name}":"x"}}],"playlists":{"${name}":"#EXTM3U"}}`;
    const { items, playlists } = parseTokenResponse(JSON.parse(text), ['a']);
    assert.deepEqual(Object.entries(items[0]?.value ?? {}), [
      ['token', 't'],
      [name, 'x'],
    ]);
    assert.deepEqual(Object.keys(playlists ?? {}), [name]);
  },
  'a claim in the demo’s inspector': (name) => {
    const explain = () => ({ restrictions: [name], target: '', unknownBits: 0 });
    const tools = { explain, printable: (text: string) => text, readSchemes: () => [] };
    const jwt = fakeJwt(Object.fromEntries([[name, 'x']]));
    const inspection = inspectSecret(jwt, 0, tools);
    assert.ok(inspection.kind === 'jwt');
    assert.deepEqual(inspection.parts[1]?.rows, [{ name, value: 'x', words: '' }]);
    const sts = inspectSecret('{"token":"t","options":"1"}', 0, tools);
    assert.ok(sts.kind === 'sts' && sts.parts[0]?.rows[1]?.words.includes(name));
  },
  'a parameter of the demo’s address': (name) => {
    assert.deepEqual(readFaultParameters(new URLSearchParams([[name, '1']])), {});
    const tree = readFaultParameters(new URLSearchParams([[`fault.${name}.x`, '1']]));
    assert.equal(JSON.stringify(Object.entries(tree)), JSON.stringify([[name, { x: 1 }]]));
  },
};

for (const [door, enter] of Object.entries(doors)) {
  describe(`an inherited name as ${door}`, () => {
    for (const name of INHERITED) {
      it(`is a name like any other: ${name}`, async () => {
        await enter(name);
        assert.equal(Object.hasOwn(Object.prototype, 'x'), false);
      });
    }
  });
}

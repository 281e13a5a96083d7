import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { askEncoder } from '@gatecast/webcaster/internal/publisher/ask-encoder';

const PICTURE = { width: 1280, height: 720, framerate: 30, videoBitrateKbps: 2500 };
const CODECS = [
  { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=0;profile-level-id=42e01f' },
  { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=1;profile-level-id=64001f' },
  { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=1;profile-level-id=42e01f' },
  { mimeType: 'video/VP8' },
];
const ability = (supported: boolean, powerEfficient: boolean) => ({
  supported,
  powerEfficient,
  smooth: true,
});

/** A browser that says this of each content type. @returns what it was asked, and its last word. */
async function ask(codec: string, say: (contentType: string) => ReturnType<typeof ability>) {
  const asked: string[] = [];
  const result = await askEncoder(codec, PICTURE, {
    codecs: CODECS,
    encodingInfo: ({ video }) => {
      const contentType = video?.contentType ?? '';
      asked.push(contentType);
      return new Promise((resolve) => resolve(say(contentType)));
    },
  });
  return { asked, result };
}

describe('askEncoder', () => {
  it('asks for the profile that is offered first, because hardware may have only that', async () => {
    const { asked, result } = await ask('h264', (type) =>
      ability(true, type.includes('packetization-mode=1')),
    );
    assert.deepEqual(asked, ['video/H264;packetization-mode=1;profile-level-id=42e01f']);
    assert.deepEqual(result, { isSupported: true, isSmooth: true, isPowerEfficient: true });
  });

  it('asks for the name alone where the codec has no profile, or the browser does not know the parameters', async () => {
    assert.deepEqual((await ask('vp8', () => ability(true, false))).asked, ['video/VP8']);
    const unknown = await ask('h264', (type) => ability(!type.includes(';'), false));
    assert.deepEqual(unknown.result, { isSupported: true, isSmooth: true, isPowerEfficient: false });
    const refused = await ask('h264', (type) => {
      if (type.includes(';')) throw new TypeError('Not a content type.');
      return ability(true, true);
    });
    assert.equal(refused.result.isPowerEfficient, true);
  });

  it('says what is not known, or not there', async () => {
    const none = await ask('h264', () => ability(false, false));
    assert.deepEqual(none.result, { isSupported: false, isSmooth: null, isPowerEfficient: null });
    const silent = await ask('h264', () => {
      throw new TypeError('Not this type.');
    });
    assert.deepEqual(silent.result, { isSupported: null, isSmooth: null, isPowerEfficient: null });
  });
});

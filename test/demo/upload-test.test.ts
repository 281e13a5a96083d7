import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Problem } from '@gatecast/server';
import { createUploadTest, maxUploadTestBytes } from '../../demo/backend/http/upload-test.js';
import { answerError } from '../../demo/backend/http/answer-error.js';

const verify = (token: string, { stream }: { stream: string }): Promise<void> =>
  token === `for-${stream}`
    ? Promise.resolve()
    : Promise.reject(new Problem('token-wrong-stream', 'Another.'));

function setUp() {
  const world = { nowMs: 0 };
  const routes = createUploadTest({ verify, now: () => world.nowMs });
  routes.onError(answerError);
  const upload = async (token: string | null, bytes = 10, declared = bytes, stream = 'cam') => {
    const response = await routes.request(`/${stream}`, {
      method: 'POST',
      headers: { 'Content-Length': String(declared), ...(token && { Authorization: `Bearer ${token}` }) },
      body: new Uint8Array(bytes),
    });
    return { status: response.status, retryAfter: response.headers.get('Retry-After') };
  };
  return { world, upload };
}

describe('POST /api/upload-test/<stream>', () => {
  it('takes an upload with an ingest token for the stream, and no other', async () => {
    const { upload } = setUp();
    assert.equal((await upload('for-cam')).status, 204);
    assert.equal((await upload(null)).status, 401);
    assert.equal((await upload('for-other')).status, 403);
  });

  it('limits what the tests of a stream have together in a minute', async () => {
    const { world, upload } = setUp();
    for (let test = 0; test < 16; test += 1)
      assert.equal((await upload('for-cam', maxUploadTestBytes)).status, 204);
    world.nowMs += 20_000;
    assert.deepEqual(await upload('for-cam'), { status: 429, retryAfter: '40' });
    assert.equal((await upload('for-other', 10, 10, 'other')).status, 204, 'another publisher');
    world.nowMs += 40_000;
    assert.equal((await upload('for-cam')).status, 204);
  });

  it('counts what arrives, not what is declared', async () => {
    const { upload } = setUp();
    for (let test = 0; test < 20; test += 1)
      assert.equal((await upload('for-cam', 10, maxUploadTestBytes)).status, 204);
  });
});

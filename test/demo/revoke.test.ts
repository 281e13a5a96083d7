import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createBackend, type ListeningBackend } from '../../demo/backend/backend.js';

describe('the demo’s control for the end of an access', () => {
  let backend: ListeningBackend;
  before(async () => {
    backend = await (await createBackend()).listen();
  });
  after(() => backend.close());

  const post = (path: string, body: object) =>
    fetch(`${backend.origin}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  const ask = async () => {
    const response = await post('/api/tokens?push', { purpose: 'playback', streams: ['demo-low'] });
    return (await response.json()) as { code?: string; push?: boolean; tokens?: { token: string }[] };
  };

  it('refuses tokens and media with the reason, tells pages that listen, and allows it again', async () => {
    const { push, tokens } = await ask();
    assert.equal(push, true);
    const playlist = () => fetch(`${backend.origin}/live/demo-low.m3u8?token=${tokens?.[0]?.token ?? ''}`);
    assert.equal((await playlist()).status, 200);
    const events = await fetch(`${backend.origin}/api/tokens?push&purpose=playback&stream=demo-low`, {
      headers: { Accept: 'text/event-stream' },
    });
    assert.equal(events.headers.get('Content-Type'), 'text/event-stream');
    const reader = events.body?.getReader();
    const revoked = await post('/api/qa/revoke', { stream: 'demo-low', reason: 'Test' });
    assert.equal(revoked.status, 200);
    assert.equal((await ask()).code, 'revoked');
    const refused = await playlist();
    assert.equal(refused.status, 403);
    const { code, reason } = (await refused.json()) as { code: string; reason: string };
    assert.deepEqual([code, reason], ['revoked', 'Test']);
    let text = '';
    while (!text.includes('event: off')) text += new TextDecoder().decode((await reader?.read())?.value);
    assert.match(text, /"streams":\["demo-low"\]/);
    await reader?.cancel();
    const allowed = await fetch(`${backend.origin}/api/qa/revoke`, { method: 'DELETE' });
    assert.equal(allowed.status, 204);
    assert.equal((await ask()).tokens?.length, 1);
    assert.equal((await playlist()).status, 200);
  });

  it('refuses new broadcasts and changes, but lets a publisher end its session', async () => {
    const asked = await post('/api/tokens', { purpose: 'ingest', streams: ['studio'] });
    const { tokens } = (await asked.json()) as { tokens: { token: string }[] };
    const headers = { Authorization: `Bearer ${tokens[0]?.token ?? ''}` };
    const statusOf = async (method: string, path: string) =>
      (await fetch(`${backend.origin}/whip/studio${path}`, { method, headers })).status;
    assert.equal(await statusOf('DELETE', '/none'), 404);
    await post('/api/qa/revoke', { stream: 'studio' });
    assert.equal(await statusOf('DELETE', '/none'), 404);
    assert.deepEqual([await statusOf('POST', ''), await statusOf('PATCH', '/none')], [403, 403]);
    await fetch(`${backend.origin}/api/qa/revoke`, { method: 'DELETE' });
  });

  it('says what is wrong with a request', async () => {
    assert.equal((await post('/api/qa/revoke', {})).status, 400);
  });
});

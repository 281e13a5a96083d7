import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideFault } from '@gatecast/qa/internal/faults/decide-fault';
import { createPageFaults } from '@gatecast/qa/internal/faults/page-faults';
import { isElsewhere } from '@gatecast/qa/internal/faults/has-fault-api';

const media = { kind: 'media', isSpent: false } as const;
const token = { kind: 'token', isSpent: false } as const;
const tokenUrl = 'https://api.example/tokens';
const segmentUrl = 'https://cdn.example/live/1.m4s';

/** A page whose network answers 200 to everything. */
function page(): { fetch: typeof globalThis.fetch } {
  return { fetch: async () => new Response('{}') };
}

describe('faults in a page', () => {
  it('apply only to the requested kind', () => {
    assert.equal(decideFault({ tokens: { down: true } }, media).fault, null);
    assert.equal(decideFault({ media: { down: true } }, token).fault, null);
    assert.equal(decideFault({ tokens: { down: true } }, { kind: 'other', isSpent: true }).fault, null);
  });

  it('count down, then let all requests pass', () => {
    const first = decideFault({ tokens: { fail: 1, status: 503 } }, token);
    assert.deepEqual(first.fault, { kind: 'status', status: 503 });
    assert.equal(decideFault(first.rule, token).fault, null);
    const refused = decideFault({ media: { reject: { status: 403, count: 1 } } }, media);
    assert.deepEqual(refused.fault, { kind: 'status', status: 403 });
    assert.equal(decideFault(refused.rule, media).fault, null);
  });

  it('replace responses of the token endpoint and of media separately', async () => {
    const scope = page();
    const faults = createPageFaults({ tokenUrl: () => tokenUrl, scope });
    await faults.set({ 'tokens.fail': 1, 'tokens.status': 429, 'media.down': true });
    assert.equal((await scope.fetch(tokenUrl, { method: 'POST' })).status, 429);
    assert.equal((await scope.fetch(tokenUrl, { method: 'POST' })).status, 200);
    await assert.rejects(scope.fetch(segmentUrl), TypeError);
    await faults.set({ 'tokens.fail': 1, 'media.down': null });
    assert.equal((await scope.fetch(tokenUrl, { method: 'POST' })).status, 429, 'the status is kept');
    assert.equal((await scope.fetch(segmentUrl)).status, 200, 'null removes one fault');
    await faults.clear();
    assert.equal((await scope.fetch(segmentUrl)).status, 200);
  });

  it('find media without a file name by the answer, and leave other requests alone', async () => {
    const types: Readonly<Record<string, string>> = {
      '/play?id=1': 'application/vnd.apple.mpegurl',
      '/seg/1': 'video/mp4',
      '/key': 'application/octet-stream',
      '/api': 'application/json',
    };
    const scope: { fetch: typeof globalThis.fetch } = {
      fetch: async (input) => {
        const { pathname, search } = new URL(input instanceof Request ? input.url : input);
        return new Response('x', { headers: { 'Content-Type': types[pathname + search] ?? '' } });
      },
    };
    const faults = createPageFaults({ tokenUrl: () => tokenUrl, scope });
    await faults.set({ 'media.reject': { stream: '*', status: 403, count: 3 } });
    const statuses: number[] = [];
    for (const path of ['/api', '/play?id=1', '/seg/1', '/api', '/key', '/seg/1']) {
      const response = await scope.fetch(`https://cdn.example${path}`);
      statuses.push(response.status);
    }
    assert.deepEqual(statuses, [200, 403, 403, 200, 403, 200]);
    const { media } = await faults.read();
    assert.deepEqual(
      media?.reject?.map(({ count }) => count),
      [0],
    );
  });

  it('refuse all tokens seen so far on expireNow, and accept the next one', async () => {
    const scope = page();
    const faults = createPageFaults({ tokenUrl: () => tokenUrl, scope });
    const withToken = (name: string): string => `${segmentUrl}?token=${name.repeat(20)}&part=1`;
    await scope.fetch(withToken('a'));
    await faults.set({ expireNow: true });
    assert.equal((await scope.fetch(withToken('a'))).status, 403);
    assert.equal((await scope.fetch(withToken('b'))).status, 200);
  });

  it('pass a request on unchanged when no fault is set', async () => {
    const seen: unknown[] = [];
    const scope: { fetch: typeof globalThis.fetch } = {
      fetch: async (...request) => {
        seen.push(request);
        return new Response('{}');
      },
    };
    createPageFaults({ tokenUrl: () => tokenUrl, scope });
    const init = { method: 'POST', body: 'a' };
    await scope.fetch(tokenUrl, init);
    assert.deepEqual(seen, [[tokenUrl, init]]);
  });
});

describe('a URL', () => {
  it('is elsewhere only if its origin differs from the page’s', () => {
    const pageUrl = 'https://here.example/lab/';
    assert.equal(isElsewhere('/live/demo.m3u8', pageUrl), false);
    assert.equal(isElsewhere('', pageUrl), false);
    assert.equal(isElsewhere('https://there.example/live.m3u8', pageUrl), true);
  });
});

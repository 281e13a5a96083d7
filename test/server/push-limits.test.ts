import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import {
  createKeySet,
  createRevocations,
  createTokenHandler,
  generateSigningKey,
  jwtIssuer,
  type Authorize,
  type PushOptions,
  type Revocations,
} from '@gatecast/server';
import { memoryRateLimiter } from '@gatecast/server/node';
import { EventReader } from './support/read-events.js';

const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k' });
const keys = createKeySet([key]);
const START_MS = Date.UTC(2030, 0, 1);

function endpoint(
  push: PushOptions,
  { authorize, revocations = createRevocations() }: { authorize?: Authorize; revocations?: Revocations } = {},
) {
  const clock = { nowMs: START_MS };
  const lines: string[] = [];
  const note = (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const handler = createTokenHandler({
    issuers: { playback: jwtIssuer({ keys }) },
    authorize: authorize ?? ((request) => ({ user: request.headers.get('X-User') ?? 'u' })),
    limits: { user: memoryRateLimiter({ perMinute: 60, burst: 0 }) },
    revocations,
    push,
    logger: { debug: note, info: note, warn: note, error: note },
    now: () => clock.nowMs,
  });
  const get = (user: string, address: string | undefined, query = 'stream=a') =>
    handler(
      new Request(`https://backend.test/?purpose=playback&${query}`, {
        headers: { Accept: 'text/event-stream', 'X-User': user },
      }),
      address === undefined ? {} : { clientAddress: address },
    );
  return { clock, lines, revocations, get };
}

async function cancel(responses: readonly Response[]): Promise<void> {
  for (const response of responses) await response.body?.cancel();
}

describe('places of event streams', () => {
  it('are limited per user, whatever the addresses, and others still get theirs', async () => {
    const { get } = endpoint({ maxPerUser: 3 });
    const open: Response[] = [];
    for (let index = 0; index < 3; index += 1) open.push(await get('u', `2001:db8:0:${index}::1`));
    const refused = await get('u', '2001:db8:0:9::1');
    assert.deepEqual([refused.status, refused.headers.get('Retry-After')], [429, '30']);
    open.push(await get('other', '2001:db8:0:9::1'));
    assert.equal(open.at(-1)?.status, 200);
    await open[0]?.body?.cancel();
    open.push(await get('u', '2001:db8:0:9::1'));
    assert.equal(open.at(-1)?.status, 200);
    await cancel(open.slice(1));
  });

  it('count for the rate limit of the user', async () => {
    const { get } = endpoint({ maxPerUser: 1000 });
    let refused = 0;
    const open: Response[] = [];
    for (let index = 0; index < 61; index += 1) {
      const response = await get('u', `192.0.2.${index}`);
      if (response.status === 429) refused += 1;
      else open.push(response);
    }
    assert.equal(refused, 1);
    await cancel(open);
  });

  it('have a warning if the limit per address has no effect, once', async () => {
    const { get, lines } = endpoint({});
    await cancel([await get('u', undefined), await get('v', undefined)]);
    assert.equal(lines.filter((line) => line.includes('push.maxPerAddress is not enforced')).length, 1);
  });

  it('end with the session of the caller', async () => {
    const { clock, get } = endpoint(
      { lifetimeSeconds: 86_400, heartbeatSeconds: 1 },
      { authorize: () => ({ user: 'u', claims: { exp: START_MS / 1000 + 60 } }) },
    );
    const events = new EventReader(await get('u', '192.0.2.1'));
    clock.nowMs += 60_000;
    assert.equal(await events.next(), null);
  });

  it('end when the list of revocations is closed, so that a program can exit', async () => {
    const { get, revocations } = endpoint({});
    const events = new EventReader(await get('u', '192.0.2.1'));
    revocations.close();
    assert.equal(await events.next(), null);
    assert.equal((await get('u', '192.0.2.1')).status, 429);
  });
});

describe('a change that concerns many pages', () => {
  async function crowd(count: number, streams: readonly string[]) {
    const list = createRevocations();
    const found: string[] = [];
    const revocations: Revocations = {
      ...list,
      find(grant) {
        found.push(grant.stream ?? '');
        return list.find(grant);
      },
    };
    const { get } = endpoint({}, { revocations });
    const query = streams.map((stream) => `stream=${stream}`).join('&');
    const pages: EventReader[] = [];
    for (let index = 0; index < count; index += 1)
      pages.push(new EventReader(await get(`user-${index}`, `192.0.2.${index % 250}`, query)));
    while (found.length < count * streams.length) await turn();
    found.length = 0;
    return { revocations, found, pages };
  }

  it('lets other requests have their turn, and looks at its streams only', async () => {
    const { revocations, found, pages } = await crowd(1200, ['a', 'b', 'c']);
    await revocations.revoke({ stream: 'b' });
    await turn();
    assert.ok(found.length < 1200, 'all pages were told before anything else');
    const events = await Promise.all(pages.map((page) => page.next()));
    assert.ok(events.every((event) => event?.event === 'off'));
    assert.deepEqual([found.length, new Set(found)], [1200, new Set(['b'])]);
    revocations.close();
  });

  it('brings them back over two seconds when access is allowed again', async () => {
    const { revocations, found, pages } = await crowd(200, ['a']);
    await revocations.revoke({ stream: 'a' });
    await Promise.all(pages.map((page) => page.next()));
    found.length = 0;
    await revocations.allow({ stream: 'a' });
    // No timer has its turn.
    for (let index = 0; index < 5000; index += 1) await Promise.resolve();
    assert.equal(found.length, 50);
    const events = await Promise.all(pages.map((page) => page.next()));
    assert.ok(events.every((event) => event?.event === 'on'));
    revocations.close();
  });
});

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it, mock } from 'node:test';
import { delay, GatecastError, lazyPart, type LazyPartOptions } from '@gatecast/token';
import { FakeClock } from '../support/fake-clock.js';

const lost = (): Promise<string> => Promise.reject(new TypeError('Failed to fetch'));
const found = () => Promise.resolve('the part');

/** A part whose first loads fail. */
function setUp(failures: number, options: LazyPartOptions = {}) {
  const time = new FakeClock();
  const loads: number[] = [];
  const load = () => {
    loads.push(time.wallMs);
    return loads.length <= failures ? lost() : found();
  };
  const part = lazyPart('part', load, { clock: time.clock, random: () => 0.5, ...options });
  return { time, loads, part };
}

describe('a part that is loaded when it is needed', () => {
  const silence = () => mock.method(console, 'warn', () => undefined);
  let warn: ReturnType<typeof silence>;
  beforeEach(() => {
    // Each time, because other test files of the process restore all mocks.
    warn = silence();
  });
  afterEach(() => {
    warn.mock.restore();
  });

  it('is loaded once for all callers, also at the same time', async () => {
    const { part, loads } = setUp(0);
    assert.deepEqual(await Promise.all([part(), part(), part()]), ['the part', 'the part', 'the part']);
    assert.equal(await part(), 'the part');
    assert.equal(loads.length, 1);
    assert.equal(warn.mock.callCount(), 0);
  });

  it('is tried again within a second, and reports each failure', async () => {
    const { part, loads, time } = setUp(2);
    const entries: unknown[] = [];
    const log = {
      add: (type: string, details: Record<string, unknown>) => entries.push({ type, ...details }),
    };
    const failed: unknown[] = [];
    const loading = part({ log, onFailure: ({ code }) => failed.push(code) });
    await time.advance(1000);
    assert.equal(loads.length, 2);
    await time.advance(2000);
    assert.equal(await loading, 'the part');
    assert.deepEqual(entries, [
      { type: 'part-failed', part: 'part', attempt: 1, reason: 'TypeError: Failed to fetch' },
      { type: 'part-failed', part: 'part', attempt: 2, reason: 'TypeError: Failed to fetch' },
    ]);
    assert.deepEqual(failed, ['engine-load-failed', 'engine-load-failed']);
    assert.equal(warn.mock.callCount(), 1, 'one warning for each part');
  });

  it('is tried at most 15 times in the first minute of an outage, by however many callers', async () => {
    const { part, loads, time } = setUp(Infinity);
    const end = new AbortController();
    const all = Promise.allSettled(Array.from({ length: 20 }, () => part({ signal: end.signal })));
    await time.advance(60_000);
    assert.ok(loads.length >= 11 && loads.length <= 15, `${loads.length} attempts`);
    end.abort();
    assert.ok((await all).every(({ status }) => status === 'rejected'));
    assert.equal(time.clock.pending, 0);
    await time.advance(600_000);
    assert.ok(loads.length <= 15);
  });

  it('is tried at once when the network is back', async () => {
    const { part, loads, time } = setUp(3);
    const loading = part();
    await time.advance(4000);
    assert.equal(loads.length, 3);
    await time.wake('online');
    assert.equal(loads.length, 4);
    assert.equal(await loading, 'the part');
  });

  it('waits after a failure also for a caller that comes later', async () => {
    const { part, loads, time } = setUp(1);
    await assert.rejects(part({ tries: 1 }), { code: 'engine-load-failed', retryable: true });
    const next = part({ tries: 1 });
    await time.advance(400);
    assert.equal(loads.length, 1);
    await time.advance(600);
    assert.equal(await next, 'the part');
  });

  it('fails with the last error when its attempts are used up', async () => {
    const { part, loads, time } = setUp(Infinity);
    const loading = assert.rejects(part({ tries: 3 }), { code: 'engine-load-failed' });
    await time.advance(20_000);
    await loading;
    assert.equal(loads.length, 3);
  });

  it('ends with its signal: before, during a load, and while it waits', async () => {
    const { part, time } = setUp(1);
    await assert.rejects(part({ signal: AbortSignal.abort() }), { name: 'AbortError' });
    const during = new AbortController();
    const loading = part({ signal: during.signal });
    during.abort();
    await assert.rejects(loading, { name: 'AbortError' });
    const waiting = new AbortController();
    const next = part({ signal: waiting.signal });
    await time.advance(100);
    waiting.abort();
    await assert.rejects(next, { name: 'AbortError' });
    assert.equal(time.clock.pending, 0);
  });

  it('ends also if the reason of its signal is an error of the kit', async () => {
    const { part } = setUp(Infinity);
    const end = new AbortController();
    const loading = part({ signal: end.signal });
    end.abort(new GatecastError('source-failed', 'x', { hint: 'x' }));
    await assert.rejects(loading, { code: 'source-failed' });
  });

  it('redacts the warning', async () => {
    const time = new FakeClock();
    const load = (): Promise<string> =>
      Promise.reject(new TypeError('https://cdn.example/part.js?token=sentinel-of-a-token'));
    const part = lazyPart('part', load, { clock: time.clock });
    await assert.rejects(part({ tries: 1 }));
    assert.doesNotMatch(String(warn.mock.calls[0]?.arguments), /sentinel/);
  });
});

describe('a part whose failed load stays in the memory of the browser', () => {
  const url = 'https://cdn.example/part-1a.js?v=1';
  let importMap: object | null = null;
  before(() => {
    Object.assign(globalThis, { document: { querySelector: () => importMap } });
  });
  beforeEach(() => {
    importMap = null;
  });
  after(() => {
    Reflect.deleteProperty(globalThis, 'document');
  });
  const inMemory = (address = url): Promise<string> =>
    Promise.reject(new TypeError(`error loading dynamically imported module: ${address}`));

  async function loadTwice(load: () => Promise<string>, modules: Record<string, unknown>) {
    const time = new FakeClock();
    const asked: string[] = [];
    const importModule = (address: string) => {
      asked.push(address);
      return address in modules ? Promise.resolve(modules[address]) : lost();
    };
    const part = lazyPart('part', load, { clock: time.clock, importModule });
    const loading = part({ tries: 2 }).catch(() => 'failed');
    await time.advance(5000);
    return { result: await loading, asked };
  }

  it('is loaded under an address with a fragment', async () => {
    const modules = { [`${url}#1`]: { part: 'the part' } };
    const { result, asked } = await loadTwice(() => inMemory(), modules);
    assert.equal(result, 'the part');
    assert.deepEqual(asked, [`${url}#1`]);
  });

  it('keeps its address in a page with an import map, which may have hashes for it', async () => {
    importMap = {};
    const { result, asked } = await loadTwice(() => inMemory(), {});
    assert.deepEqual([result, asked], ['failed', []]);
  });

  it('is not mistaken for a module that it imports', async () => {
    const { result } = await loadTwice(() => inMemory(), { [`${url}#1`]: { other: 1 } });
    assert.equal(result, 'failed');
  });

  it('keeps its address when the network was asked, so that no module runs twice', async () => {
    const time = new FakeClock();
    const asked: string[] = [];
    const part = lazyPart(
      'part',
      async () => {
        await delay(time.clock, 40);
        return inMemory();
      },
      {
        clock: time.clock,
        importModule: (address) => {
          asked.push(address);
          return lost();
        },
      },
    );
    const loading = assert.rejects(part({ tries: 3 }));
    await time.advance(20_000);
    await loading;
    assert.deepEqual(asked, []);
  });
});

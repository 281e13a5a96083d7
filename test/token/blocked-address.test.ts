import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import {
  endpointSource,
  explainUnreachable,
  GatecastError,
  systemClock,
  tokenEndpoint,
} from '@gatecast/token';
import {
  addressSpace,
  explainBlocked,
  type PageFacts,
} from '@gatecast/token/internal/failure/blocked-address';

const unreachable = (): GatecastError =>
  new GatecastError('source-unreachable', 'The playlist cannot be reached.', {
    hint: 'Check the network.',
    retryable: true,
  });

/** A browser that knows these permissions, and throws for other names. */
function permissions(states: Readonly<Record<string, PermissionState>>): Pick<Permissions, 'query'> {
  return {
    query: async ({ name }) => {
      const state = states[name];
      if (!state) throw new TypeError(`${name} is not a permission`);
      return Object.assign(new EventTarget(), { name, state, onchange: null });
    },
  };
}

const page = (href: string, states?: Readonly<Record<string, PermissionState>>): PageFacts => ({
  href,
  isSecureContext: href.startsWith('https:') || href.includes('//localhost'),
  permissions: states && permissions(states),
});

const hintFor = async (address: string, facts: PageFacts): Promise<string> =>
  (await explainBlocked(unreachable(), address, facts)).hint;

const PUBLIC_PAGE = 'https://www.example.com/watch';
const MIXED = /^Browsers block http: on an https: page \(mixed content\)\. .* Check the network\.$/;
const DENIED = /^The browser does not let this page use the local network\. .* Check the network\.$/;
const UNDECIDED = /^The browser asks the viewer .* Check the network\.$/;
const OTHER = /^Check the network\.$/;

describe('the hint of an address that the browser blocks', () => {
  for (const address of [
    'http://203.0.113.7/live/a.m3u8',
    'http://media.example.com/live/a.m3u8?token=secret',
  ])
    it(`names mixed content for ${address} on a page with https:`, async () => {
      for (const states of [undefined, { 'local-network': 'prompt' as const }])
        assert.match(await hintFor(address, page(PUBLIC_PAGE, states)), MIXED);
    });

  for (const address of [
    'http://192.168.1.20:8080/a.m3u8',
    'https://encoder.local/a.m3u8',
    'http://[fd00::1]/a.m3u8',
  ])
    it(`names the permission for ${address} in a browser that has it`, async () => {
      for (const name of ['local-network', 'local-network-access']) {
        assert.match(await hintFor(address, page(PUBLIC_PAGE, { [name]: 'denied' })), DENIED);
        assert.match(await hintFor(address, page(PUBLIC_PAGE, { [name]: 'prompt' })), UNDECIDED);
        assert.match(await hintFor(address, page(PUBLIC_PAGE, { [name]: 'granted' })), OTHER);
      }
    });

  it('names mixed content for a private address in a browser without the permission', async () => {
    assert.match(await hintFor('http://192.168.1.20/a.m3u8', page(PUBLIC_PAGE, {})), MIXED);
    assert.match(await hintFor('https://192.168.1.20/a.m3u8', page(PUBLIC_PAGE, {})), OTHER);
  });

  it('names the permission for the own device, which is not mixed content', async () => {
    const address = 'http://localhost:8080/a.m3u8';
    assert.match(await hintFor(address, page(PUBLIC_PAGE)), OTHER);
    assert.match(await hintFor(address, page(PUBLIC_PAGE, { 'loopback-network': 'denied' })), DENIED);
    assert.match(
      await hintFor(address, page('https://192.168.1.2/', { 'loopback-network': 'denied' })),
      DENIED,
    );
    assert.match(
      await hintFor(address, page('http://localhost:5173/', { 'loopback-network': 'denied' })),
      OTHER,
    );
  });

  it('asks for https: where an insecure page uses the local network', async () => {
    const facts = page('http://www.example.com/', { 'local-network-access': 'denied' });
    assert.match(
      await hintFor('http://10.0.0.9/a.m3u8', facts),
      /^The browser lets only secure pages .* https/,
    );
  });

  it('stays as it is between addresses of one network, and for the own origin', async () => {
    const states = { 'local-network': 'denied' as const, 'loopback-network': 'denied' as const };
    assert.match(await hintFor('http://10.0.0.9/a.m3u8', page('http://10.0.0.2/', states)), OTHER);
    assert.match(await hintFor('http://10.0.0.9/a.m3u8', page('http://localhost/', states)), OTHER);
    assert.match(await hintFor('/live/a.m3u8', page('https://10.0.0.2/', states)), OTHER);
  });

  it('changes nothing else in the error', async () => {
    const error = await explainBlocked(unreachable(), 'http://203.0.113.7/', page(PUBLIC_PAGE));
    assert.deepEqual(
      [error.code, error.message, error.retryable],
      ['source-unreachable', unreachable().message, true],
    );
    const refused = new GatecastError('token-refused', 'No.', { hint: 'Sign in.', status: 403 });
    assert.equal(await explainBlocked(refused, 'http://203.0.113.7/', page(PUBLIC_PAGE)), refused);
    const abort = new DOMException('Stopped.', 'AbortError');
    assert.equal(await explainBlocked(abort, 'http://203.0.113.7/', page(PUBLIC_PAGE)), abort);
  });
});

describe('the network of a host', () => {
  const hosts = {
    loopback: ['localhost', 'app.localhost', '127.0.0.1', '127.9.9.9', '[::1]', '[::ffff:7f00:1]'],
    local: [
      ...[
        '10.0.0.1',
        '172.16.0.1',
        '172.31.255.255',
        '192.168.0.1',
        '169.254.1.1',
        '100.64.0.1',
        '100.127.0.1',
      ],
      ...['printer.local', '[fc00::1]', '[fdff::1]', '[fe80::1]', '[feb0::1]', '[::ffff:c0a8:101]'],
    ],
    public: [
      ...['203.0.113.7', '172.15.0.1', '172.32.0.1', '100.63.0.1', '100.128.0.1', '192.169.0.1', '11.0.0.1'],
      ...['10.example.com', '127.example.com', 'local', 'local.example.com', 'notlocalhost', 'xn--local', ''],
      ...['[2001:db8::1]', '[::ffff:cb00:7107]', 'fd.example.com', 'feb.example.com'],
    ],
  };
  for (const [space, names] of Object.entries(hosts))
    it(`is ${space} for ${names.join(' ')}`, () => {
      assert.deepEqual(
        names.filter((name) => addressSpace(name) !== space),
        [],
      );
    });
});

describe('a request that the browser blocks', () => {
  const { signal } = new AbortController();

  afterEach(() => {
    Reflect.deleteProperty(globalThis, 'location');
  });

  it('names the reason for a token endpoint', async () => {
    Reflect.set(globalThis, 'location', new URL(PUBLIC_PAGE));
    const source = endpointSource({
      url: 'http://tokens.example.com/api/tokens',
      fetch: () => Promise.reject(new TypeError('Failed to fetch')),
    });
    const request = { purpose: 'playback', streams: ['a'], reason: 'initial' } as const;
    const asked = source.request(request, { signal });
    await assert.rejects(asked, { code: 'token-endpoint-unreachable', hint: /^Browsers block http:/ });
    const ask = tokenEndpoint({
      url: 'http://tokens.example.com/{stream}',
      fetch: () => Promise.reject(new TypeError('Failed to fetch')),
    });
    await assert.rejects(Promise.resolve(ask(request, { signal })), {
      code: 'token-endpoint-unreachable',
      hint: /^Browsers block http:/,
    });
  });

  it('leaves no alarm behind, also when the request is over', async () => {
    const { pending } = systemClock;
    const address = 'http://media.example.com/a.m3u8';
    await explainUnreachable(unreachable(), address, signal);
    assert.equal(systemClock.pending, pending);
    const over = new AbortController();
    const explained = explainUnreachable(unreachable(), address, over.signal);
    over.abort();
    await explained;
    assert.equal(systemClock.pending, pending);
  });

  it('comes at once for an error with a response, and for what another API has thrown', () => {
    const refused = new GatecastError('token-endpoint-failed', 'HTTP 503.', { hint: 'Look there.' });
    for (const error of [refused, new DOMException('Aborted', 'AbortError'), undefined])
      assert.equal(explainUnreachable(error, 'http://192.168.1.20/a', signal), error);
  });

  it('is explained from its address only', async () => {
    const error = unreachable();
    Reflect.set(globalThis, 'location', new URL(PUBLIC_PAGE));
    const explained = await explainUnreachable(
      error,
      'http://media.example.com/a.m3u8?token=secret-of-a-viewer',
      signal,
    );
    assert.match(explained.hint, MIXED);
    assert.ok(!JSON.stringify(explained).includes('secret-of-a-viewer'));
    for (const address of ['https://media.example.com/a.m3u8', '/api/tokens', 'A segment', ''])
      assert.equal(await explainUnreachable(error, address, signal), error);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createKeySet,
  createTokenHandler,
  generateSigningKey,
  jwtIssuer,
  type RateLimiter,
} from '@gatecast/server';

const drop = (): void => undefined;

const { key } = await generateSigningKey({ alg: 'ES256', kid: 'k' });

/** A handler with a limit by address, and what the limit was asked for. */
function setUp() {
  const counted: string[] = [];
  const warnings: string[] = [];
  const address: RateLimiter = {
    take: (name) => {
      counted.push(name);
      return Promise.resolve(0);
    },
  };
  const handler = createTokenHandler({
    issuers: { playback: jwtIssuer({ keys: createKeySet([key]) }) },
    authorize: () => true,
    limits: { address },
    logger: { debug: drop, info: drop, error: drop, warn: (_, message) => void warnings.push(message) },
  });
  const ask = (clientAddress: string | undefined) =>
    handler(
      new Request('https://backend.test/', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ purpose: 'playback', streams: ['a'] }),
      }),
      { clientAddress },
    );
  return { ask, counted, warnings };
}

describe('rate limit per address', () => {
  for (const [what, addresses, counted] of [
    ['an IPv4 address as itself', ['192.0.2.1'], '192.0.2.1'],
    ['an IPv4-mapped IPv6 address as the IPv4 address', ['::ffff:192.0.2.1', '::FFFF:c000:201'], '192.0.2.1'],
    [
      'an address with a port as the address',
      ['192.0.2.1:51234', '[::ffff:192.0.2.1]:80', '::ffff:192.0.2.1:80'],
      '192.0.2.1',
    ],
    ['an address in quotes as the address', ['"192.0.2.1:80"', '"[::ffff:192.0.2.1]:80"'], '192.0.2.1'],
    [
      'the addresses of one IPv6 network as one',
      [
        '2001:db8:1:2::1',
        '2001:DB8:1:2:ffff:ffff:ffff:ffff',
        '[2001:db8:1:2:3::]:443',
        '2001:db8:1:2::1%eth0',
        '"[2001:db8:1:2::1]"',
        '"[2001:db8:1:2::1]:80"',
      ],
      '2001:db8:1:2::/64',
    ],
    ['the loopback network as one', ['::1', '::2'], '::/64'],
    ['other text as it is', ['unknown'], 'unknown'],
    ['an invalid IPv6 address as it is', ['2001:zz::1'], '2001:zz::1'],
  ] as const) {
    it(`counts ${what}`, async () => {
      const { ask, counted: names } = setUp();
      for (const one of addresses) assert.equal((await ask(one)).status, 200);
      assert.deepEqual(
        names,
        addresses.map(() => counted),
      );
    });
  }

  it('warns once if the handler gets no client address', async () => {
    const { ask, warnings } = setUp();
    await ask('192.0.2.1');
    assert.deepEqual(warnings, []);
    await ask(undefined);
    await ask(undefined);
    assert.equal(warnings.length, 1);
    assert.match(warnings.join(), /clientAddress/);
  });
});

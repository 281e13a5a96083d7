import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { generateSigningKey } from '@gatecast/server';
import { loadConfig } from '@gatecast/server/node';
import { runProgram } from '../../packages/server/src/cli/program.js';
import { configRisks } from '../../packages/server/src/serve/config-risks.js';

const folder = mkdtempSync(join(tmpdir(), 'gatecast-configured-'));
process.once('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});

const { pem } = await generateSigningKey({ alg: 'RS256' });
const EDGE_KEY = '52a152a152a152a152a152a152a1';
writeFileSync(join(folder, 'cloudfront.pem'), pem, { mode: 0o600 });
writeFileSync(join(folder, 'edge-key'), EDGE_KEY, { mode: 0o600 });

const A = 'https://d111111abcdef8.cloudfront.net';
const B = 'https://media.example.com';
const cloudfront = {
  type: 'cloudfront',
  keyPairId: 'K2JCJMDEHXQW5F',
  privateKey: { file: 'cloudfront.pem' },
  resource: `${A}/{stream}/*`,
};
const akamai = { type: 'akamai-edgeauth', key: { file: 'edge-key' }, acl: '/{stream}/*' };
const both = { type: 'by-origin', issuers: { [A]: cloudfront, [B]: akamai } };
const authorization = { secret: { env: 'CALLERS' }, audience: 'gatecast', playback: { any: true } };
const directory = { directory: 'keys' };

let files = 0;
function written(config: object): string {
  const path = join(folder, `${String((files += 1))}.json`);
  writeFileSync(path, JSON.stringify({ authorization, ...config }));
  return path;
}

async function run(args: string[], stdin = '', nowMs?: number) {
  let out = '';
  let err = '';
  const code = await runProgram(args, {
    out: (text) => void (out += text),
    note: (text) => void (err += text),
    readStdin: () => Promise.resolve(stdin),
    // Not one moment for the whole command: issuers read the clock of the machine.
    now: () => nowMs ?? Date.now(),
  });
  return { code, out, err };
}

const faultsOf = async (config: object) => (await run(['config', 'check', written(config)])).err;

describe('the configuration', () => {
  it('needs no keys for the schemes of CDNs', async () => {
    for (const playback of [cloudfront, akamai, both])
      assert.equal(await faultsOf({ issuers: { playback } }), '');
  });

  it('says that keys are missing where something signs with them', async () => {
    for (const issuers of [
      { playback: { type: 'jwt' } },
      { playback: cloudfront, ingest: { type: 'ingest-jwt' } },
      { playback: { type: 'by-origin', issuers: { [A]: cloudfront, [B]: { type: 'jwt' } } } },
    ])
      assert.match(await faultsOf({ issuers }), /\n {2}keys: is missing: the issuers sign JWTs\. Set/);
    const playlists = { upstreams: ['https://origin.example'] };
    assert.match(await faultsOf({ issuers: {}, playlists }), /\n {2}keys: is missing: playlists signs/);
  });

  it('refuses a playlist signer beside a CDN that does not accept its JWTs', async () => {
    const playlists = { upstreams: ['https://origin.example'] };
    for (const playback of [cloudfront, both])
      assert.match(
        await faultsOf({ keys: directory, issuers: { playback }, playlists }),
        /\n {2}playlists: needs an issuer of JWTs/,
      );
    assert.equal(await faultsOf({ keys: directory, issuers: { playback: { type: 'jwt' } }, playlists }), '');
  });

  it('refuses what is not an origin, no origin, and issuers by origin in each other', async () => {
    const of = (issuers: object) => faultsOf({ issuers: { playback: { type: 'by-origin', issuers } } });
    assert.match(await of({ 'https://a.example/live': akamai }), /is not an origin/);
    assert.match(await of({}), /needs at least one origin/);
    assert.match(await of({ [A]: both }), /type/);
  });

  it('names options of a scheme that contradict each other', async () => {
    const { resource: _, ...without } = cloudfront;
    const wrong = { type: 'by-origin', issuers: { [B]: akamai, [A]: without } };
    const fault = await faultsOf({ issuers: { playback: wrong } });
    assert.ok(fault.includes(`issuers.playback.issuers.${A}: `), fault);
  });

  it('needs two kinds of JWTs also among several issuers', async () => {
    const jwt = { type: 'jwt', audience: 'live' };
    const issuers = { playback: { type: 'by-origin', issuers: { [A]: cloudfront, [B]: jwt } }, ingest: jwt };
    assert.match(await faultsOf({ keys: directory, issuers }), /needs another audience/);
  });

  it('warns of addresses with http, in each of several issuers', async () => {
    const exposed = { ...cloudfront, url: 'http://cdn.example/{stream}/index.m3u8' };
    const playback = { type: 'by-origin', issuers: { [A]: exposed, [B]: akamai } };
    const risks = configRisks(await loadConfig(written({ issuers: { playback } })));
    assert.deepEqual(risks, [
      `issuers.playback.issuers.${A}.url uses http: an attacker on the network can read the tokens of viewers`,
    ]);
  });
});

interface Item {
  readonly query?: Readonly<Record<string, string>>;
  readonly origins?: readonly string[];
  readonly expiresAt?: number;
}

describe('gatecast token with a configuration', () => {
  const config = written({ issuers: { playback: both } });
  const startedMs = Date.now();
  const minted = run(['token', 'mint', '--config', config, '--stream', 'live', '--ttl', '60']).then(
    ({ out }) =>
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Item),
  );
  const addresses = minted.then((items) =>
    items.map(({ query = {}, origins: [origin = ''] = [] }) => {
      const pairs = Object.entries(query).map(([name, value]) => `${name}=${value}`);
      return `${origin}/live/index.m3u8?${pairs.join('&')}`;
    }),
  );

  it('mints an item for each origin, for the given time', async () => {
    const items = await minted;
    assert.deepEqual(
      items.map(({ origins }) => origins),
      [[A], [B]],
    );
    for (const { expiresAt = 0 } of items) {
      assert.ok(expiresAt >= Math.floor(startedMs / 1000) + 60);
      assert.ok(expiresAt <= Date.now() / 1000 + 60);
    }
    assert.deepEqual(Object.keys(items[0]?.query ?? {}).sort(), ['Key-Pair-Id', 'Policy', 'Signature']);
  });

  it('verifies the address as the CDN does', async () => {
    for (const [index, address] of (await addresses).entries()) {
      const endMs = ((await minted)[index]?.expiresAt ?? 0) * 1000;
      const ok = await run(['token', 'verify', '--config', config], address, endMs - 1);
      assert.deepEqual(ok, {
        code: 0,
        out: `ok: valid until ${new Date(endMs).toISOString()}\n`,
        err: '',
      });
      const late = await run(['token', 'verify', '--config', config], address, endMs);
      assert.deepEqual([late.code, late.out], [1, '']);
      assert.match(late.err, /token-expired/);
      const other = await run(
        ['token', 'verify', '--config', config],
        address.replace('/live/', '/vod/'),
        endMs - 1,
      );
      assert.equal(other.code, 1);
      for (const { err } of [late, other]) assert.ok(!/Signature=|hmac=/i.test(err));
    }
  });

  it('takes the header of the request for a token in a cookie', async () => {
    const playback = { ...cloudfront, placement: 'cookie' };
    const cookies = written({ issuers: { playback } });
    const { out } = await run(['token', 'mint', '--config', cookies, '--stream', 'live']);
    const { setCookies, cookie } = JSON.parse(out) as { setCookies: string[]; cookie: boolean };
    assert.equal(cookie, true);
    const file = join(folder, 'headers');
    writeFileSync(file, `Cookie: ${setCookies.map((each) => each.split(';', 1)[0]).join('; ')}\n`);
    const verify = ['token', 'verify', '--config', cookies];
    const address = `${A}/live/1.m4s`;
    assert.equal((await run([...verify, '--headers-file', file], address)).code, 0);
    assert.match((await run(verify, address)).err, /token-missing/);
    writeFileSync(file, 'Cookie sentinel');
    const broken = await run([...verify, '--headers-file', file], address);
    assert.equal(broken.code, 2);
    assert.ok(!broken.err.includes('sentinel'));
  });

  it('reads what a token says, and prints no signature', async () => {
    for (const [index, address] of (await addresses).entries()) {
      const endMs = ((await minted)[index]?.expiresAt ?? 0) * 1000;
      const { code, out, err } = await run(['token', 'inspect'], address, endMs - 60_000);
      assert.equal(code, 0);
      assert.match(out, index === 0 ? /CloudFront/ : /EdgeAuth/);
      assert.match(out, / {2}end: \S+, in 1 minute/);
      const secret = index === 0 ? /Signature=([^&]+)/ : /hmac=([\da-f]+)/;
      const signature = secret.exec(address)?.[1] ?? assert.fail('no signature');
      assert.ok(!`${out}${err}`.includes(signature));
    }
    assert.equal((await run(['token', 'inspect'], 'nothing of a scheme')).code, 1);
  });

  it('refuses what it cannot do, and names the option', async () => {
    const jwtConfig = written({
      keys: { key: { file: 'cloudfront.pem' } },
      issuers: { playback: { type: 'jwt' } },
    });
    for (const [args, message, stdin = ''] of [
      [['mint', '--config', config], /--stream is missing/],
      [['mint', '--config', config, '--stream', 's', '--sub', 's'], /--sub has no effect with --config/],
      [
        ['mint', '--config', config, '--stream', 's', '--purpose', 'ingest'],
        /no issuer for the purpose "ingest"/,
      ],
      [['mint', '--config', config, '--stream', 's', '--claim', 'plan=gold'], /issuer-parameter-invalid/],
      [['mint', '--stream', 's'], /--stream has no effect without --config/],
      [['mint'], /--sub is missing/],
      [['verify'], /Set --jwks to verify a JWT, or --config/],
      [['verify', '--config', config, '--jwks', 'x'], /--jwks has no effect with --config/],
      [['verify', '--config', config], /not an http\(s\) address/, 'sentinel'],
      [['verify', '--config', config], /no issuer for the origin/, 'https://c.example/live/1.m4s?sentinel'],
      [['verify', '--config', jwtConfig], /Verify JWTs with --jwks/, `${A}/live/1.m4s`],
    ] as [string[], RegExp, string?][]) {
      const { code, out, err } = await run(['token', ...args], stdin);
      assert.notEqual(code, 0, args.join(' '));
      assert.equal(out, '');
      assert.match(err, message);
      assert.ok(!err.includes('sentinel') && !err.includes(EDGE_KEY));
    }
    const { out } = await run([
      'token',
      'mint',
      '--config',
      jwtConfig,
      '--stream',
      's',
      '--claim',
      'plan=gold',
    ]);
    assert.match(out, /^\{"stream":"s","token":"eyJ/);
  });
});

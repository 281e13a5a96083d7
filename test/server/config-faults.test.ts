import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ConfigError, loadConfig } from '@gatecast/server/node';

const folder = mkdtempSync(join(tmpdir(), 'gatecast-config-faults-'));
process.once('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});

const env = { env: 'SECRET' };
const valid = {
  keys: { directory: 'keys' },
  issuers: { playback: { type: 'jwt' } },
  authorization: { jwksUrl: 'https://idp.test/jwks', playback: { any: true } },
};

/** The faults of a text; `[]` if it is a valid configuration. */
async function faultsOf(text: string | Buffer): Promise<readonly string[]> {
  const path = join(folder, 'gatecast.config.json');
  writeFileSync(path, text);
  const error: unknown = await loadConfig(path).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error === null) return [];
  assert.ok(error instanceof ConfigError, 'another error');
  return error.faults;
}

const faultsIn = (config: unknown) => faultsOf(JSON.stringify(config));

describe('the faults of a configuration', () => {
  it('are all named at once, in words and without a value', async () => {
    const faults = await faultsIn({
      listn: { prot: 80, hots: 'sentinel' },
      keys: { key: 'sentinel' },
      issuers: {
        playback: { type: 'bunyn', securityKey: 'sentinel', tokenPath: '/', ttl: 3, speedLimit: -1 },
        ingest: { type: 'ingest-jwt', ttlSeconds: '5' },
      },
      authorization: { playback: { list: 'sentinel' } },
      bootstrap: { upstream: ['sentinel'], media: { maxByte: 0 } },
      cors: { origins: ['https://a.example/sentinel'] },
      dpop: { mode: 'requird' },
      limits: [],
      log: 'sentinel',
    });
    assert.deepEqual(
      new Set(faults.map((fault) => fault.replace(/(is not )"akamai.*(or "by-origin")/, '$1… $2'))),
      new Set([
        'listn: is not an option. Did you mean "listen"?',
        'listen.prot: is not an option. Did you mean "port"?',
        'listen.hots: is not an option. Did you mean "host"?',
        'keys: is not { "directory": "keys" } or { "key": { "env" | "file" }, "kid" }',
        'issuers.playback.type: is not … or "by-origin". Did you mean "bunny"?',
        'issuers.playback.ttl: is not an option. Did you mean "ttlSeconds"?',
        'issuers.playback.securityKey: is not { "env": "NAME" } or { "file": "path" }: the configuration must not contain secrets',
        'issuers.playback.speedLimit: is not a whole number of at least 1',
        'issuers.ingest.ttlSeconds: is not a whole number from 1 to 31536000',
        'authorization: needs exactly one of jwksUrl and secret',
        'authorization.playback: is not { "claim": "name" }, { "list": ["name", "prefix-*"] } or { "any": true }',
        'bootstrap.upstream: is not an option. Did you mean "upstreams"?',
        'bootstrap.upstreams.0: is not an http(s) origin or folder without user, query and wildcard',
        'bootstrap.media.maxByte: is not an option. Did you mean "maxBytes"?',
        'bootstrap.media.maxBytes: is not a whole number of at least 1',
        'cors.origins.0: is not an origin such as https://www.example.com',
        'dpop.mode: is not "required" or "optional". Did you mean "required"?',
        'dpop.externalOrigin: is missing. Set an origin such as https://www.example.com',
        'limits: is not an object {…}',
        'log: is not "debug", "info", "warn", "error" or "silent"',
      ]),
    );
  });

  it('say what a missing option must be', async () => {
    assert.deepEqual(await faultsIn({ issuers: { playback: { type: 'bunny' } } }), [
      'issuers.playback.securityKey: is missing. Set { "env": "NAME" } or { "file": "path" }: the configuration must not contain secrets',
      'issuers.playback.tokenPath: is missing. Set a text',
      'authorization: is missing. Set an object {…}',
    ]);
    const [missing] = await faultsIn({ ...valid, issuers: { playback: {} } });
    assert.match(
      missing ?? '',
      /^issuers\.playback\.type: is missing\. Set "akamai-edgeauth", .* or "by-origin"$/,
    );
  });

  it('list the options of an object if no name is near', async () => {
    const faults = await faultsIn({ ...valid, paths: { sentinel: 1 }, limits: { user: { sentinel: 1 } } });
    assert.ok(faults.includes('paths.sentinel: is not an option. Remove it. The options are tokens'));
    assert.ok(
      faults.includes('limits.user.sentinel: is not an option. Remove it. The options are perMinute, burst'),
    );
  });

  it('include options that contradict each other, also beside other faults', async () => {
    const both = { type: 'playback-jwt', apiKey: env, groupid: 'a', orgawide: true };
    const faults = await faultsIn({
      ...valid,
      keys: undefined,
      log: 1,
      issuers: { playback: both, ingest: { type: 'ingest-jwt' } },
    });
    assert.deepEqual(faults, [
      'log: is not "debug", "info", "warn", "error" or "silent"',
      'keys: is missing: the issuers sign JWTs. Set { "directory": "keys" }, and create a key with "gatecast keys new"',
      'issuers.playback: The options groupid and orgawide exclude each other. Set one of them.',
    ]);
  });

  it('include proofs that an issuer cannot bind', async () => {
    const playback = { type: 'bunny', securityKey: env, tokenPath: '/live/{stream}/' };
    const dpop = { mode: 'required', externalOrigin: 'https://www.example.com' };
    assert.deepEqual(await faultsIn({ ...valid, issuers: { playback }, dpop }), [
      'dpop.mode: issuers.playback cannot bind tokens to a key. Set "optional" or remove dpop',
    ]);
  });

  it('end after 50', async () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`sentinel${String(at)}`, at]));
    const faults = await faultsIn({ ...valid, ...many });
    assert.equal(faults.length, 50);
    assert.equal(faults.at(-1), 'there are more faults');
  });

  it('do not come from the names of the language', async () => {
    const [fault] = await faultsOf(JSON.stringify(valid).replace('{', '{"__proto__":{"sentinel":1},'));
    assert.match(fault ?? '', /^__proto__: is not an option\./);
  });

  it('name a value that is not an object', async () => {
    for (const text of ['[]', 'null', '"sentinel"', '5'])
      assert.deepEqual(await faultsOf(text), ['(top level): is not an object {…}'], text);
  });
});

describe('a configuration that is not valid JSON', () => {
  it('is described by line and column, the first fault of each line', async () => {
    const text = '{\n  "log": "info"\n  "keys": tru, \'a\': 1,\n  workers: 2,\n  "a" 5,\n  "b": "x\n';
    assert.deepEqual(await faultsOf(text), [
      'line 3, column 3: a comma is expected',
      'line 4, column 3: JSON has no such word or character. Put texts into double quotes',
      'line 5, column 7: a colon is expected',
      'line 6, column 8: a text has no end. Close its double quotes in the same line',
      'line 7, column 1: the file ends here, but a value or a closing bracket is missing',
    ]);
  });

  it('has its other faults named too if it has only comments and commas too many', async () => {
    const text = JSON.stringify({ ...valid, log: 1 }, null, 1).replace(/\n}$/, ', // sentinel\n}');
    const faults = await faultsOf(text);
    assert.equal(faults.length, 3, faults.join('\n'));
    assert.match(faults[0] ?? '', /^line \d+, column \d+: JSON has no comments\. Remove it$/);
    assert.match(
      faults[1] ?? '',
      /^line \d+, column 1: there is a comma before this closing bracket\. Remove it$/,
    );
    assert.match(faults[2] ?? '', /^log: is not /);
  });

  it('is described where an object has an option twice, also if it is valid otherwise', async () => {
    const text = JSON.stringify(valid, null, 2).replace('{', '{\n  "log": "info",\n  "log": "debug",');
    assert.deepEqual(await faultsOf(text), [
      'line 3, column 3: this option is already set in line 2. Remove one of the two',
    ]);
    assert.deepEqual(await faultsOf('{"a":{"b":1,"b":2},\n"c":[{"b":1},{"b":1}],"\\u0061":3 4}'), [
      'line 1, column 13: this option is already set in line 1. Remove one of the two',
      'line 2, column 23: this option is already set in line 1. Remove one of the two',
      'line 2, column 34: a comma is expected',
    ]);
  });

  it('is described if it is empty, in UTF-16 or missing, and read with a byte order mark', async () => {
    assert.deepEqual(await faultsOf(' \n'), ['the file is empty. Write a JSON object']);
    assert.deepEqual(await faultsOf(Buffer.from(JSON.stringify(valid), 'utf16le')), [
      'the file is not in UTF-8. Save it in UTF-8',
    ]);
    assert.deepEqual(await faultsOf(`\uFEFF${JSON.stringify(valid)}`), []);
    await assert.rejects(loadConfig(join(folder, 'absent.json')), /there is no such file\. Check the path/);
  });
});

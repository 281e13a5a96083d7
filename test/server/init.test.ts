import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { loadConfig } from '@gatecast/server/node';
import { decodeJwt } from 'jose';
import { initFrameworks } from '../../packages/server/src/cli/init/pages.js';
import { ingestSchemes, initSchemes } from '../../packages/server/src/cli/init/schemes.js';
import { runProgram } from '../../packages/server/src/cli/program.js';
import { silentLogger } from '../../packages/server/src/http/logger.js';
import { issuerTypes } from '../../packages/server/src/issuer/registry.js';
import { secretFaults } from '../../packages/server/src/serve/secret-faults.js';
import { serve } from '../../packages/server/src/serve/serve.js';
import { namedCodeBlocks } from '../docs/support/code-blocks.js';

const folder = mkdtempSync(join(tmpdir(), 'gatecast-init-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let folders = 0;
function freshFolder(): string {
  const path = join(folder, String((folders += 1)));
  mkdirSync(path);
  return path;
}

/** Runs `gatecast`; with `answers`, at a terminal at which they are typed. */
async function run(args: string[], answers?: string[]) {
  let out = '';
  let err = '';
  const questions: string[] = [];
  const code = await runProgram(args, {
    out: (text) => void (out += text),
    note: (text) => void (err += text),
    readStdin: () => Promise.resolve(''),
    now: () => Date.now(),
    ...(answers && {
      ask: (question, fallback = '') => {
        questions.push(question);
        const answer = answers.shift() ?? '';
        return Promise.resolve(answer === '' ? fallback : answer);
      },
    }),
  });
  return { code, out, err, questions };
}

const ORIGIN = ['--origin', 'https://media.example.com'];
const init = (dir: string, ...more: string[]) => run(['init', '--dir', dir, '--yes', ...ORIGIN, ...more]);

/** Values that only the user knows, for all schemes that need some. */
const values: Record<string, string[]> = {
  cloudfront: ['--set', 'keyPairId=K2JCJMDEHXQW5F'],
  'google-media-cdn': ['--set', 'keyName=keyset-1'],
  'cloudflare-stream': ['--set', 'keyId=8f926b2b01f383510025a78a4dcbf6a'],
  mux: ['--set', 'keyId=id-of-the-key'],
};

const filesIn = (dir: string) =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('gatecast init', () => {
  it('knows each issuer of the registry', () => {
    const known = [...initSchemes.map(({ type }) => type), ...ingestSchemes];
    assert.deepEqual(known.sort(), issuerTypes.map(({ type }) => type).sort());
  });

  for (const { type, secret } of initSchemes) {
    it(`writes a valid configuration for ${type}, with secrets that only their owner reads`, async () => {
      const dir = freshFolder();
      const { code, out, err } = await init(dir, '--scheme', type, ...(values[type] ?? []));
      assert.deepEqual([code, err], [0, '']);
      const config = await loadConfig(join(dir, 'gatecast.config.json'));
      assert.deepEqual(config.authorization.playback, { list: ['demo'] });
      const faults = await secretFaults(config);
      if (secret?.make === null) {
        assert.equal(faults.length, 1, 'the key of the vendor is missing, and nothing else');
        assert.ok(faults[0]?.includes(secret.file));
        assert.ok(out.includes(secret.where) && out.includes(secret.file));
      } else {
        assert.deepEqual(faults, []);
        const path = join(dir, 'gatecast.config.json');
        const minted = await run(['token', 'mint', '--config', path, '--stream', 'demo']);
        assert.deepEqual([minted.code, minted.err], [0, '']);
      }
      const hidden = filesIn(dir).filter((path) => /\/(?:keys|secrets)\/[^.]/.test(path));
      assert.ok(hidden.length > 0);
      for (const path of hidden) {
        assert.equal(statSync(path).mode & 0o077, 0, `${path} is open to others`);
        for (const line of readFileSync(path, 'utf8').split('\n'))
          assert.ok(line.length < 20 || !out.includes(line), 'the output has a secret');
      }
      assert.equal(readFileSync(join(dir, 'secrets/.gitignore'), 'utf8'), '*\n');
      assert.ok(
        out.includes("document.cookie = 'session=<the JWT>; path=/'"),
        'the cookie is for every path',
      );
    });
  }

  it('writes a server that gives tokens to a signed-in viewer of this stream only', async () => {
    const dir = freshFolder();
    await init(dir);
    assert.equal(readFileSync(join(dir, 'keys/.gitignore'), 'utf8'), '*\n');
    const path = join(dir, 'gatecast.config.json');
    const config = await loadConfig(path);
    const server = await serve({ ...config, listen: { ...config.listen, port: 0 } }, silentLogger);
    try {
      const ask = async (stream: string, cookie?: string) =>
        fetch(`http://127.0.0.1:${String(server.port)}/api/tokens`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', ...(cookie !== undefined && { Cookie: cookie }) },
          body: JSON.stringify({ purpose: 'playback', streams: [stream], reason: 'initial' }),
        });
      assert.equal((await ask('demo')).status, 401);
      const caller = await run(['token', 'caller', '--config', path, '--user', 'test']);
      assert.deepEqual([caller.code, caller.err], [0, '']);
      const session = `session=${caller.out.trim()}`;
      const answer = await ask('demo', session);
      assert.equal(answer.status, 200);
      const first = (await answer.json()) as { tokens: { token: string }[] };
      const { tokens } = first;
      assert.equal(decodeJwt(tokens[0]?.token ?? '').sub, 'demo');
      const again = (await (await ask('demo', session)).json()) as typeof first;
      // Also within the same second: a player whose token is refused needs another one.
      assert.notEqual(decodeJwt(again.tokens[0]?.token ?? '').jti, decodeJwt(tokens[0]?.token ?? '').jti);
      assert.equal((await ask('other', session)).status, 403);
    } finally {
      await server.stop();
    }
  });

  it('asks at a terminal, with the defaults in brackets', async () => {
    const dir = freshFolder();
    const answers = ['mux', 'https://stream.mux.com', 'abc', 'react', 'key-7'];
    const { code, questions } = await run(['init', '--dir', dir], answers);
    assert.equal(code, 0);
    assert.equal(questions.length, 5);
    assert.match(questions[0] ?? '', /\[jwt\]/);
    assert.match(questions[4] ?? '', /keyId \(Mux dashboard/);
    const { issuers } = await loadConfig(join(dir, 'gatecast.config.json'));
    assert.deepEqual(issuers.playback, {
      type: 'mux',
      keyId: 'key-7',
      keySecret: { file: join(dir, 'secrets/mux.key') },
    });
    assert.match(
      readFileSync(join(dir, 'src/Live.tsx'), 'utf8'),
      /src="https:\/\/stream\.mux\.com\/abc\.m3u8"/,
    );
  });

  it('refuses a wrong option before the first question', async () => {
    for (const wrong of [
      ['--framework', 'reactt'],
      ['--src', 'x'],
      ['--page-origin', 'x'],
      ['--set', 'x'],
    ]) {
      const { code, questions } = await run(['init', '--dir', freshFolder(), ...wrong], []);
      assert.deepEqual([code, questions], [2, []], wrong.join(' '));
    }
  });

  it('never overwrites: it names what exists, and writes nothing', async () => {
    const dir = freshFolder();
    mkdirSync(join(dir, 'public'));
    writeFileSync(join(dir, 'public/index.html'), 'mine');
    symlinkSync(join(dir, 'nowhere'), join(dir, 'gatecast.config.json'));
    const { code, out, err } = await init(dir);
    assert.deepEqual([code, out], [2, '']);
    assert.match(
      err,
      /exist already\. Nothing was written\..*\n {2}gatecast\.config\.json\n {2}public\/index\.html\n$/,
    );
    assert.equal(readFileSync(join(dir, 'public/index.html'), 'utf8'), 'mine');
    assert.deepEqual(readdirSync(dir).sort(), ['gatecast.config.json', 'public']);
  });

  it('refuses a second run, and keeps the keys', async () => {
    const dir = freshFolder();
    await init(dir);
    const before = filesIn(dir).map((path) => [path, readFileSync(path, 'utf8')]);
    const { code, err } = await init(dir, '--framework', 'react');
    assert.equal(code, 2);
    assert.match(err, /\n {2}keys\n/);
    assert.deepEqual(
      filesIn(dir).map((path) => [path, readFileSync(path, 'utf8')]),
      before,
    );
  });

  it('keeps nothing if a file cannot be written', async () => {
    const dir = freshFolder();
    // A file where the page's folder would be.
    writeFileSync(join(dir, 'src'), 'mine');
    const { code, err } = await init(dir, '--framework', 'react');
    assert.equal(code, 2);
    assert.match(err, /^gatecast: (?:The files cannot be written|\S+ cannot be read) \(ENOTDIR\)/);
    assert.deepEqual(readdirSync(dir), ['src']);
  });

  const mistakes: [args: string[], RegExp][] = [
    [['--scheme', 'jwtt', ...ORIGIN], /The scheme "jwtt" is unknown\. Did you mean "jwt"\?/],
    [['--scheme', 'ingest-jwt', ...ORIGIN], /for broadcasts/],
    [['--framework', 'reactt', ...ORIGIN], /Did you mean "react"\?/],
    [['--origin', 'https://media.example.com/live'], /--origin is not an origin/],
    [['--origin', 'https://user:pass@media.example.com'], /--origin is not an origin/],
    [['--stream', '"><script>', ...ORIGIN], /--stream is not a name/],
    [['--src', 'https://a.example/"onload=', ...ORIGIN], /--src is not the address/],
    [['--scheme', 'cloudfront', ...ORIGIN], /needs keyPairId: CloudFront console.*--set keyPairId=<value>/],
    [['--scheme', 'cloudfront', '--set', 'keypairid=K', ...ORIGIN], /Did you mean "keyPairId"\?/],
    [['--scheme', 'secure-link', '--set', 'preset=apache', ...ORIGIN], /no valid configuration[^]*preset/],
    [['--frame', 'react', ...ORIGIN], /Did you mean --framework\?/],
    [[], /--origin is not set/],
  ];
  for (const [args, words] of mistakes) {
    it(`refuses ${args.join(' ') || 'a call without an origin'}`, async () => {
      const dir = freshFolder();
      const { code, out, err } = await run(['init', '--dir', dir, '--yes', ...args]);
      assert.deepEqual([code, out], [2, '']);
      assert.match(err, words);
      assert.ok(!err.includes('user:pass'));
      assert.deepEqual(readdirSync(dir), []);
    });
  }

  it('says that a terminal or an option is needed', async () => {
    const { code, err } = await run(['init', '--dir', freshFolder()]);
    assert.equal(code, 2);
    assert.match(err, /--scheme is not set, and the command has no terminal to ask at\. .*"jwt" with --yes/);
  });

  it('writes the pages that the guide shows', async () => {
    const shown = namedCodeBlocks('guide/command-line.md');
    for (const { name, file } of initFrameworks) {
      const dir = freshFolder();
      await init(dir, '--framework', name);
      assert.equal(shown.get(file), readFileSync(join(dir, file), 'utf8'), `the page of ${name} differs`);
    }
  });
});

describe('gatecast without arguments', () => {
  it('says how to begin, and exits with 0', async () => {
    const { code, out, err } = await run([]);
    assert.deepEqual([code, err], [0, '']);
    for (const words of ['gatecast init', 'gatecast serve --config', 'Documentation: https://'])
      assert.ok(out.includes(words));
    assert.ok(out.split('\n').length < 20);
  });
});

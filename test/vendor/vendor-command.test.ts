import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import { formatResult, formatSummary } from './format-results.js';
import { runVendorCommand } from './vendor-command.js';

const script = fileURLToPath(import.meta.url);

interface Run {
  readonly code: number;
  readonly errors: string;
}

async function run(...args: string[]): Promise<Run> {
  const errors: string[] = [];
  const code = await runVendorCommand(args, {
    print: () => undefined,
    printError: (line) => errors.push(line),
    openBrowser: async () => null,
  });
  return { code, errors: errors.join('\n') };
}

describe('npm run test:vendor', () => {
  it('ends with 2 and the usage without a script', () => {
    const options = ['--conditions=gatecast-source', '--import', 'tsx', 'test/vendor/run.ts'];
    const { status, stderr } = spawnSync(process.execPath, options, { encoding: 'utf8' });
    assert.equal(status, 2);
    assert.match(stderr, /--script is missing.*npm run test:vendor -- --script PATH/s);
  });

  it('is a script of the repository', () => {
    const scripts = execFileSync('npm', ['pkg', 'get', 'scripts.test:vendor'], { encoding: 'utf8' });
    assert.match(scripts, /test\/vendor\/run\.ts/);
  });

  for (const [words, args, message] of [
    [
      'a file that does not exist',
      ['--script', '/nowhere/nanoplayer.js'],
      /\/nowhere\/nanoplayer\.js: there is no such file/,
    ],
    ['a folder', ['--script', '/'], /there is no such file/],
    [
      'an unknown client',
      ['--script', script, '--client', 'videoplayer'],
      /--client videoplayer: use nanoplayer/,
    ],
    ['an unknown option', ['--scripts', script], /--scripts/],
  ] as const) {
    it(`ends with 2 and says what is wrong for ${words}`, async () => {
      const { code, errors } = await run(...args);
      assert.equal(code, 2);
      assert.match(errors, message);
      assert.match(errors, /Ends with 0/);
    });
  }

  it('ends with 2 where there is no browser, and names the variable to set', async () => {
    const { code, errors } = await run('--script', script);
    assert.equal(code, 2);
    assert.match(errors, /No Chromium was found.*GATECAST_CHROMIUM/);
  });

  it('ends with 0 for --help', async () => {
    assert.equal((await run('--help')).code, 0);
  });
});

describe('the output of npm run test:vendor', () => {
  const result = { title: 'plays', seen: ['5.0.8'], outcome: 'holds', detail: '' } as const;

  it('says where an expectation was seen, or that it is only documented', () => {
    assert.equal(formatResult(result), '✓ plays [seen: 5.0.8]');
    assert.equal(formatResult({ ...result, seen: [] }), '✓ plays [documentation only]');
  });

  it('counts the outcomes with the version that the client reports', () => {
    const results = [
      result,
      { ...result, outcome: 'differs', seen: [] },
      { ...result, outcome: 'not-checked' },
    ] as const;
    const summary = formatSummary('nanoplayer', '5.0.8', results);
    assert.match(
      summary,
      /nanoplayer 5\.0\.8: 1 hold, 1 differ, 1 not checked\.\n1 of those that were checked/,
    );
  });

  it('shows no token and no query of an address', () => {
    const jwt = `${'a'.repeat(20)}.${'b'.repeat(30)}.${'c'.repeat(43)}`;
    const detail = `failed: wss://media.example/h5live/stream.mp4?stream=a&token=abc123 with ${jwt}`;
    const text = formatResult({ ...result, outcome: 'differs', detail });
    assert.match(text, /wss:\/\/media\.example\/h5live\/stream\.mp4\?\[query\] with \[token\]/);
    assert.doesNotMatch(text, /abc123|aaaa|bbbb/);
  });
});

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const started: ChildProcess[] = [];
after(() => {
  for (const child of started) child.kill('SIGKILL');
});

/** Runs the command of `npm start`. Resolves with its output when that contains the expected text. */
async function start(
  port: string,
  awaited: RegExp,
): Promise<{ child: ChildProcess; found: RegExpExecArray }> {
  const child = spawn(
    process.execPath,
    ['--conditions=gatecast-source', '--import', 'tsx', 'demo/server.ts'],
    {
      cwd: root,
      env: { ...process.env, PORT: port },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  started.push(child);
  let output = '';
  const found = await new Promise<RegExpExecArray>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const match = awaited.exec(output);
      if (match) resolve(match);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('close', () => reject(new Error(`It ended without ${awaited}: ${output}`)));
  });
  return { child, found };
}

describe('npm start', () => {
  it('serves pages and backend on both loopback addresses, and exits on SIGTERM', async () => {
    const { child, found } = await start(
      '0',
      /Gatecast demo +http:\/\/localhost:(\d+)\/[\s\S]*demo-badcodec/,
    );
    const port = found[1] ?? '';
    for (const host of ['localhost', '127.0.0.1']) {
      const page = await fetch(`http://${host}:${port}/`);
      assert.equal(page.status, 200);
      assert.match(page.headers.get('Content-Type') ?? '', /^text\/html/);
      assert.equal((await fetch(`http://${host}:${port}/live/demo.m3u8`)).status, 401);
    }
    assert.equal((await fetch(`http://localhost:${port}/no-such-page`)).status, 404);
    assert.equal((await fetch(`http://localhost:${port}/api/no-such-route`)).status, 404);

    const second = await start(port, /Port \d+ is in use/);
    const [secondCode] = (await once(second.child, 'close')) as [number | null];
    assert.equal(secondCode, 1);

    child.kill('SIGTERM');
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    assert.deepEqual([code, signal], [0, null]);
  });
});

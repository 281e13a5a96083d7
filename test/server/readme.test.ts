import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Problem, problemCodes } from '@gatecast/server';
import { loadConfig } from '@gatecast/server/node';

const readme = readFileSync(new URL('../../packages/server/README.md', import.meta.url), 'utf8');

describe('problem codes', () => {
  it('are listed in the README with their status, and there are no others', () => {
    const rows = [...readme.matchAll(/^\| `([a-z-]+)` +\| (\d{3}) /gm)].map(([, code, status]) => [
      code,
      Number(status),
    ]);
    const codes = new Map(problemCodes.map((code) => [code, statusOf(code)]));
    assert.deepEqual(Object.fromEntries(rows), Object.fromEntries(codes));
  });
});

describe('the configuration in the README', () => {
  it('is valid', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatecast-readme-'));
    after(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'gatecast.config.json');
    writeFileSync(path, /```json\n([\s\S]*?)```/.exec(readme)?.[1] ?? '');
    const config = await loadConfig(path);
    assert.deepEqual(config.keys, { directory: join(folder, 'keys') });
    assert.equal(config.authorization.userClaim, 'sub');
  });
});

describe('Problem', () => {
  it('becomes a response as in RFC 9457, and a 401 has WWW-Authenticate', async () => {
    const response = new Problem('unauthenticated', 'Sign in.', {
      hint: 'There.',
      cause: new Error('secret'),
    }).toResponse();
    assert.equal(response.headers.get('WWW-Authenticate'), 'Bearer');
    assert.deepEqual(await response.json(), {
      type: 'about:blank',
      title: 'unauthenticated',
      status: 401,
      code: 'unauthenticated',
      detail: 'Sign in.',
      hint: 'There.',
    });
  });
});

function statusOf(code: string): number {
  return new Problem(code as ConstructorParameters<typeof Problem>[0], '').status;
}

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { rooms } from '../../.config/eslint/rooms.js';

const page = readFileSync(new URL('../../demo/docs/contribute/architecture.md', import.meta.url), 'utf8');

/** Entry points that only export. */
const isEntry = (room: string): boolean =>
  /^(?:index|define|cli|node|redis|fetch|shaka-player|[a-z]+\.js)\.ts$/.test(room);

describe('the architecture page', () => {
  it('lists the rooms that lint enforces, in their order', () => {
    const listed = [...page.matchAll(/^\| `(packages\/[a-z-]+)` +\| (.+?) +\|$/gm)].map(
      ([, name = '', list = '']) => [name, [...list.matchAll(/`([^`]+)`/g)].map(([, room]) => room)],
    );
    const enforced = Object.entries(rooms)
      .filter(([folder]) => folder.startsWith('packages/'))
      .map(([folder, list]) => [
        folder.replace(/\/src$/, ''),
        (list as readonly (string | readonly string[])[]).flat().filter((room) => !isEntry(room)),
      ]);
    assert.ok(listed.length > 0);
    assert.deepEqual(Object.fromEntries(listed), Object.fromEntries(enforced));
  });
});

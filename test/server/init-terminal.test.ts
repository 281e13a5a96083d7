import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import {
  asOwner,
  AtTerminal,
  BACKSPACE,
  CTRL_C,
  CTRL_D,
  ENTER,
  LEFT,
  LEFT_ECHO,
  missingOwner,
  missingTerminal,
  UP,
} from './support/at-terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'gatecast-terminal-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let folders = 0;
function freshFolder(): string {
  const path = join(folder, String((folders += 1)));
  mkdirSync(path);
  return path;
}

describe('gatecast init at a terminal', { skip: missingTerminal }, () => {
  for (const columns of [80, 20]) {
    it(`asks, and writes, at a width of ${String(columns)}`, async () => {
      const cwd = freshFolder();
      const terminal = await AtTerminal.start(['init'], { cwd, columns });
      await terminal.answer('Scheme [jwt]: ', '');
      await terminal.answer('https://media.example.com: ', `https://media.example.orgg${BACKSPACE}`);
      // The cursor goes back over "am", before which a letter is missing.
      await terminal.sees('Name of the stream [demo]: ');
      await terminal.press('stram', 'stram');
      await terminal.press(LEFT, LEFT_ECHO);
      await terminal.press(LEFT, LEFT_ECHO);
      await terminal.press('e', 'eam');
      terminal.type(ENTER);
      await terminal.answer('Framework [html]: ', 'react');
      const { code, screen } = await terminal.end();
      assert.equal(code, 0, screen);
      assert.match(
        readFileSync(join(cwd, 'src/Live.tsx'), 'utf8'),
        /src="https:\/\/media\.example\.org\/live\/stream\.m3u8"/,
      );
      assert.match(screen, /npx gatecast serve --config gatecast\.config\.json/);
    });
  }

  it('asks again after a wrong answer, and says what is wrong', async () => {
    const cwd = freshFolder();
    const terminal = await AtTerminal.start(['init'], { cwd });
    await terminal.answer('Scheme [jwt]: ', 'jwtt');
    await terminal.sees('The scheme "jwtt" is unknown. Did you mean "jwt"?');
    await terminal.answer('Scheme [jwt]: ', 'Secure-Link');
    await terminal.answer('https://media.example.com: ', '');
    await terminal.sees('Write an origin');
    await terminal.answer('https://media.example.com: ', 'media.example.org');
    await terminal.sees('Did you mean https://media.example.org?');
    await terminal.answer('https://media.example.com: ', 'https://media.example.org/live/a.m3u8');
    await terminal.sees('Did you mean https://media.example.org?');
    await terminal.answer('https://media.example.com: ', 'https://media.example.org');
    await terminal.answer('Name of the stream [demo]: ', 'a b');
    await terminal.sees('letters, digits');
    await terminal.answer('Name of the stream [demo]: ', '');
    await terminal.answer('Framework [html]: ', 'reakt');
    await terminal.sees('Did you mean "react"?');
    await terminal.answer('Framework [html]: ', 'React');
    await terminal.answer('[nginx]: ', 'apache');
    await terminal.sees('preset');
    await terminal.answer('[nginx]: ', 'wowza');
    const { code, screen } = await terminal.end();
    assert.equal(code, 0, screen);
    assert.match(readFileSync(join(cwd, 'gatecast.config.json'), 'utf8'), /"preset": "wowza"/);
    assert.ok(!screen.includes('--origin is'), 'a person who types has no option to change');
  });

  it('takes answers that were pasted at once', async () => {
    const cwd = freshFolder();
    const terminal = await AtTerminal.start(['init'], { cwd });
    await terminal.sees('Scheme [jwt]: ');
    terminal.type(`jwt${ENTER}https://media.example.org${ENTER}${ENTER}vue${ENTER}`);
    const { code, screen } = await terminal.end();
    assert.equal(code, 0, screen);
    assert.ok(existsSync(join(cwd, 'src/Live.vue')));
  });

  it('does not offer the answer to another question with the arrow keys', async () => {
    const cwd = freshFolder();
    const terminal = await AtTerminal.start(['init'], { cwd });
    await terminal.answer('Scheme [jwt]: ', 'jwt');
    await terminal.answer('https://media.example.com: ', `${UP}https://media.example.org`);
    await terminal.answer('Name of the stream [demo]: ', UP);
    await terminal.answer('Framework [html]: ', UP);
    assert.equal((await terminal.end()).code, 0);
    assert.match(readFileSync(join(cwd, 'public/index.html'), 'utf8'), /stream="demo"/);
  });

  for (const [name, key] of [
    ['Ctrl+C', CTRL_C],
    ['the end of the input', CTRL_D],
  ] as const) {
    it(`ends with ${name}, writes nothing, and exits with 130`, async () => {
      const cwd = freshFolder();
      const terminal = await AtTerminal.start(['init'], { cwd });
      await terminal.answer('Scheme [jwt]: ', '');
      await terminal.sees('https://media.example.com: ');
      terminal.type(key);
      const { code, screen } = await terminal.end();
      assert.equal(code, 130, screen);
      assert.match(screen, /\ngatecast: Interrupted\. Nothing was written\.\n$/);
      assert.deepEqual(readdirSync(cwd), []);
    });
  }

  it('leaves the terminal as it was: what is typed is shown again', async () => {
    const cwd = freshFolder();
    const terminal = await AtTerminal.start(['init'], {
      cwd,
      command: 'after() { stty -a; }; trap after EXIT;',
    });
    await terminal.sees('Scheme [jwt]: ');
    terminal.type(CTRL_C);
    assert.match((await terminal.end()).screen, /(?:^|\s)icanon\b[^]*(?:^|\s)echo\b/m);
  });

  it('says before the first question that the folder has a configuration', async () => {
    const cwd = freshFolder();
    writeFileSync(join(cwd, 'gatecast.config.json'), 'mine');
    writeFileSync(join(cwd, 'README.md'), 'mine');
    const terminal = await AtTerminal.start(['init'], { cwd });
    const { code, screen } = await terminal.end();
    assert.equal(code, 2);
    assert.ok(!screen.includes('Scheme'), screen);
    assert.match(screen, /exist already\. Nothing was written\.[^]*\n {2}gatecast\.config\.json\n$/);
    assert.equal(readFileSync(join(cwd, 'gatecast.config.json'), 'utf8'), 'mine');
  });

  it('writes into a folder with other files, and keeps them', async () => {
    const cwd = freshFolder();
    mkdirSync(join(cwd, 'public'));
    writeFileSync(join(cwd, 'public/index.html'), 'mine');
    const terminal = await AtTerminal.start(['init', '--origin', 'https://media.example.org'], { cwd });
    await terminal.answer('Scheme [jwt]: ', '');
    await terminal.answer('Name of the stream [demo]: ', '');
    await terminal.answer('Framework [html]: ', '');
    await terminal.sees('public/index.html exists already');
    await terminal.answer('Framework [html]: ', 'vite');
    assert.equal((await terminal.end()).code, 0);
    assert.equal(readFileSync(join(cwd, 'public/index.html'), 'utf8'), 'mine');
    assert.ok(existsSync(join(cwd, 'live.html')));
  });

  it('says before the first question that the folder cannot be written', { skip: missingOwner }, async () => {
    const cwd = freshFolder();
    chmodSync(cwd, 0o555);
    const terminal = await AtTerminal.start(['init'], { cwd, command: asOwner });
    const { code, screen } = await terminal.end();
    assert.equal(code, 2);
    assert.ok(!screen.includes('Scheme'), screen);
    assert.match(screen, /gatecast: The folder .* cannot be written \(EACCES\)\. .*--dir/);
  });

  it('writes no colours, with NO_COLOR and without', async () => {
    for (const env of [{ NO_COLOR: '1' }, { FORCE_COLOR: '3' }, { TERM: 'dumb' }]) {
      const terminal = await AtTerminal.start(['init'], { cwd: freshFolder(), env });
      await terminal.sees('Scheme [jwt]: ');
      terminal.type(CTRL_C);
      assert.equal((await terminal.end()).code, 130);
      // The sequence that sets a colour.
      assert.doesNotMatch(terminal.raw, /\x1b\[[\d;]*m/);
    }
  });
});

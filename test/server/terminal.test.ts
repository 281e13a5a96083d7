import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { InterruptedError } from '../../packages/server/src/cli/cli-io.js';
import { Terminal } from '../../packages/server/src/cli/terminal.js';
import { CTRL_C, CTRL_D, ENTER } from './support/at-terminal.js';

/** A terminal with keys that a test types. */
function open() {
  const input = new PassThrough();
  const output = new PassThrough();
  output.resume();
  let interrupts = 0;
  const terminal = new Terminal({ input, output, interrupt: () => (interrupts += 1) });
  return {
    terminal,
    /** Types, and waits until the terminal has read it. */
    type: async (keys: string) => {
      const read = new Promise((resolve) => input.once('data', resolve));
      input.write(keys);
      await read;
      await new Promise((resolve) => setImmediate(resolve));
    },
    get interrupts() {
      return interrupts;
    },
  };
}

describe('Terminal', () => {
  it('takes an answer, and those that were typed ahead', async () => {
    const { terminal, type } = open();
    const first = terminal.ask('A: ');
    await type(`a${ENTER}b${ENTER}${ENTER}`);
    assert.deepEqual(
      [await first, await terminal.ask('B: '), await terminal.ask('C: ', 'c')],
      ['a', 'b', 'c'],
    );
    terminal.close();
  });

  for (const [name, key] of [
    ['Ctrl+C', CTRL_C],
    ['Ctrl+D', CTRL_D],
  ] as const) {
    it(`interrupts a question with ${name}, and sends no signal`, async () => {
      const at = open();
      const question = at.terminal.ask('A: ');
      void at.type(key);
      await assert.rejects(question, InterruptedError);
      assert.equal(at.interrupts, 0);
    });

    it(`interrupts the next question with ${name} while none waits`, async () => {
      const at = open();
      const first = at.terminal.ask('A: ');
      await at.type(`a${ENTER}`);
      assert.equal(await first, 'a');
      await at.type(key);
      await assert.rejects(at.terminal.ask('B: ', 'default'), InterruptedError);
      await assert.rejects(at.terminal.ask('C: '), InterruptedError);
    });

    it(`takes no answer that was typed before ${name}`, async () => {
      const at = open();
      const first = at.terminal.ask('A: ');
      await at.type(`a${ENTER}b${ENTER}`);
      assert.equal(await first, 'a');
      await at.type(key);
      await assert.rejects(at.terminal.ask('B: '), InterruptedError);
    });
  }

  it('interrupts the process with Ctrl+C while no question waits, once', async () => {
    const at = open();
    const first = at.terminal.ask('A: ');
    await at.type(`a${ENTER}`);
    await first;
    await at.type(CTRL_C);
    assert.equal(at.interrupts, 1);
    at.terminal.close();
    assert.equal(at.interrupts, 1);
  });

  it('interrupts nothing when it is given back', async () => {
    const at = open();
    const first = at.terminal.ask('A: ');
    await at.type(`a${ENTER}`);
    await first;
    at.terminal.close();
    assert.equal(at.interrupts, 0);
    await assert.rejects(at.terminal.ask('B: '), InterruptedError);
  });
});

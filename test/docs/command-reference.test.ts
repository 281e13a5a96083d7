import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandExamples } from '../../demo/docs/.vitepress/reference/command-examples.js';
import { commandPage, exampleOf, leafCommands } from '../../demo/docs/.vitepress/reference/command-page.js';

const commands = leafCommands();

/** Splits as a shell does, as far as the examples need it. */
const words = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([all, quoted]) => quoted ?? all);

describe('the reference of the command line', () => {
  it('has an example of each option, and of nothing else', () => {
    assert.ok(commands.size > 10);
    assert.deepEqual(Object.keys(commandExamples).sort(), [...commands.keys()].sort());
    for (const [name, { options }] of commands) {
      assert.deepEqual(
        options.filter((option) => exampleOf(name, option) === undefined).map(({ flags }) => flags),
        [],
        name,
      );
      assert.equal(commandExamples[name]?.length, options.length, name);
    }
  });

  it('has examples that the command reads, with a value that is not the default', () => {
    for (const [name, command] of leafCommands()) {
      command.exitOverride().configureOutput({ writeErr: () => undefined });
      for (const option of command.options) {
        const typed = exampleOf(name, option) ?? '';
        const { operands, unknown } = command.parseOptions(words(typed));
        assert.deepEqual([...operands, ...unknown], [], `${name} ${typed}`);
        assert.notDeepEqual(command.getOptionValue(option.attributeName()), option.defaultValue, typed);
      }
    }
  });

  it('shows each command with what --help says and an example, each option once', () => {
    const page = commandPage();
    const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    assert.deepEqual(headings, [...commands.keys()]);
    assert.deepEqual(
      page.replaceAll(/<\/?code(?: v-pre)?>/g, '').match(/<.*/g),
      null,
      'Vue would read a tag',
    );
    const rows = [...page.matchAll(/^\| <code v-pre>.+$/gm)];
    const count = [...commands.values()].reduce(
      (sum, { options, registeredArguments }) => sum + options.length + registeredArguments.length,
      0,
    );
    assert.equal(rows.length, count);
    for (const name of commands.keys()) assert.match(page, new RegExp(`^npx ${name}\\b`, 'm'));
  });
});

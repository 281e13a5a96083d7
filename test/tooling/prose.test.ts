import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkProse } from '../../.config/prose/check-prose.js';

/** The positions that the check reports for a text, as line and column. */
async function findings(text: string, path: string): Promise<string[]> {
  const messages = await checkProse(text, path);
  return messages.map(
    ({ loc, message }) => `${loc.start.line}:${loc.start.column} ${message.split(':')[0] ?? ''}`,
  );
}

describe('the prose check', () => {
  it('checks paragraphs of Markdown, but not code', async () => {
    const text = 'Start anew.\n\n```js\nwhoever();\n```\n\nCall `anew()` for that.\n';
    assert.deepEqual(await findings(text, 'a.md'), ['1:7 "anew"']);
  });

  it('checks emphasis of Markdown', async () => {
    assert.deepEqual(await findings('_Anew_ and *anew* and __anew__.\n', 'a.md'), [
      '1:2 "Anew"',
      '1:13 "anew"',
      '1:25 "anew"',
    ]);
  });

  it('checks the text of HTML, but not attributes', async () => {
    const text = '<p class="anew">No token can be had.</p>\n';
    assert.deepEqual(await findings(text, 'a.html'), ['1:26 "can be had"']);
  });

  it('checks comments, strings and templates of sources, but not names', async () => {
    const text = [
      'const anew = 1; // tells of a token',
      "const message = 'The value is no number.';",
      'const hint = `Ask ${anew} anew.`;',
    ].join('\n');
    assert.deepEqual(await findings(text, 'a.ts'), ['1:20 "tells of"', '2:28 "is no number"', '3:27 "anew"']);
  });

  it('finds a phrase across the lines of a comment', async () => {
    const text = '/**\n * A token that cannot\n * be had.\n */\nexport const a = 1;\n';
    assert.deepEqual(await findings(text, 'a.ts'), ['2:17 "cannot be had"']);
  });

  it('refuses answers for responses of HTTP, but not in tests', async () => {
    const text = 'The origin answers 403. Its backend did not answer. A token answer is JSON.\n';
    assert.deepEqual(await findings(text, 'a.md'), [
      '1:5 "origin answers"',
      '1:12 "answers 403"',
      '1:29 "backend did not answer"',
      '1:55 "token answer"',
    ]);
    assert.deepEqual(await findings('// The origin answers 403.\n', 'test/a.test.ts'), []);
    const others = 'The ingest’s SDP answer matches the offer. The answer is no. Viewers answer a prompt.\n';
    assert.deepEqual(await findings(others, 'a.md'), []);
  });

  it('accepts usual English', async () => {
    const text = 'There is no token. It is no longer valid. What is happening is logged.\n';
    assert.deepEqual(await findings(text, 'a.md'), []);
  });
});

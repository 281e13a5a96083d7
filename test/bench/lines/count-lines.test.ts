import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { countLines } from './count-lines.js';
import { countModuleLines } from './count-module-lines.js';

describe('countLines', () => {
  it('counts neither empty lines, comments nor types', async () => {
    const text = `
/** What it does. */
interface Shape {
  readonly size: number;
}

// A reason.
const shape: Shape = { size: 1 }; /* behind code */

console.log(shape as Shape);
`;
    assert.equal(await countLines(text, 'typescript'), 2);
  });

  it('counts statements on one line as prettier prints them, and a long line as several', async () => {
    assert.equal(await countLines('const a = 1; const b = 2; if (a) { use(b) }', 'typescript'), 5);
    const call = (length: number): string => `use('${'a'.repeat(length)}', '${'b'.repeat(50)}');`;
    assert.equal(await countLines(call(48), 'typescript'), 1, '110 columns');
    assert.equal(await countLines(call(49), 'typescript'), 4, '111 columns');
  });

  it('counts imports of packages, but not of own modules, on one line or on several', async () => {
    const own = Array.from({ length: 12 }, (_, index) => `aLongName${index}`).join(', ');
    const text = `import Hls from 'hls.js';
import { a } from './a.js';
import { ${own} } from '../own.js';
console.log(Hls, a, ${own});`;
    assert.equal(
      await countLines(text, 'typescript'),
      1 + (await countLines(`console.log(Hls, a, ${own})`, 'typescript')),
    );
  });

  it('counts a text that has the form of a comment', async () => {
    assert.equal(await countLines("const a = `\n// text\n`;\nconst b = '/* text */';", 'typescript'), 4);
  });

  it('counts HTML and JSON, both without what is not code', async () => {
    const html = '<video muted></video>\n\n<!-- one\ntwo -->\n<script type="module">\n\nplay();\n</script>';
    assert.equal(await countLines(html, 'html'), 4);
    assert.equal(await countLines('{\n\n"type": "jwt", "key": { "env": "KEY" } }', 'json'), 4);
  });
});

describe('countModuleLines', () => {
  it('adds each own module that runs once, and none that has types only', async (test) => {
    const folder = mkdtempSync(join(tmpdir(), 'gatecast-lines-'));
    test.after(() => rmSync(folder, { recursive: true }));
    const files = {
      'page.ts': `import { a } from './a.js';\nimport { b } from './b.js';\na(b);`,
      'a.ts': `import { b } from './b.js';\nimport type { T } from './t.js';\nexport const a = (x: T) => x + b;`,
      'b.ts': `import Hls from 'hls.js';\nexport const b = Hls.version;`,
      't.ts': `export type T = string;\nexport const notCounted = 1;`,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    assert.equal(await countModuleLines(join(folder, 'page.ts')), 4);
  });
});

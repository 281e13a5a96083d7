import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { checkProse } from './prose/check-prose.js';

// Own, not the textlint command: files come from git, and our adapter reads comments and strings of sources too. The
// list of phrases is in prose/phrases.js. `npm run prose -- packages/server` checks a part.

/** Texts in other languages, and files that are about the phrases themselves. */
const isExempt = (path) =>
  /messages-(?!en)[a-z]+\.ts$|^\.config\/prose\/|^test\/tooling\/prose\.test\.ts$/.test(path);

const wanted = process.argv.slice(2);
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => /\.(md|html|ts|js)$/.test(path) && !/CHANGELOG\.md$/.test(path) && !isExempt(path))
  .filter((path) => wanted.length === 0 || wanted.some((part) => path.startsWith(part)))
  .filter(existsSync);

let count = 0;
for (const filePath of files) {
  const messages = await checkProse(readFileSync(filePath, 'utf8'), filePath);
  count += messages.length;
  for (const { loc, message } of messages)
    console.log(`${filePath}:${loc.start.line}:${loc.start.column} ${message}`);
}
if (count > 0) {
  console.log(`\n${count} phrases to write in plain English.`);
  process.exitCode = 1;
}

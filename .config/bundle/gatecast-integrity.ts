import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Own: vite-plugin-sri3 and rollup-plugin-sri edit the tags of built pages, and gatecast.js is built without a page.

/** @see https://www.w3.org/TR/SRI/ */
const integrityOf = (path: string): string =>
  `sha384-${createHash('sha384').update(readFileSync(path)).digest('base64')}`;

/**
 * Writes `integrity.json` (file to hash) and `script-tag.html` (tags for the folder `/`) beside the modules. `integrity`
 * on the script covers `gatecast.js` alone. The import map covers its chunks in browsers that support its `integrity`;
 * others ignore it. No other import map may come before it.
 */
export function writeIntegrity(folder: string): void {
  const modules = readdirSync(folder).filter((file) => file.endsWith('.js'));
  const hashes = Object.fromEntries(modules.sort().map((file) => [file, integrityOf(join(folder, file))]));
  const { 'gatecast.js': entry, ...chunks } = hashes;
  if (entry === undefined) throw new RangeError(`${folder} has no gatecast.js.`);
  const integrity = Object.fromEntries(Object.entries(chunks).map(([file, hash]) => [`/${file}`, hash]));
  const tags = [
    `<script type="importmap">\n${JSON.stringify({ integrity }, null, 2)}\n</script>`,
    `<script type="module" src="/gatecast.js" integrity="${entry}" crossorigin="anonymous"></script>`,
  ];
  writeFileSync(join(folder, 'integrity.json'), `${JSON.stringify(hashes, null, 2)}\n`);
  writeFileSync(join(folder, 'script-tag.html'), `${tags.join('\n')}\n`);
}

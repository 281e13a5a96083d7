import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** File name of a module to its integrity metadata, `gatecast.js` and each chunk. */
export type GatecastIntegrity = Readonly<Record<string, string>>;

/** @see https://www.w3.org/TR/SRI/ */
const integrityOf = (bytes: Buffer): string =>
  `sha384-${createHash('sha384').update(bytes).digest('base64')}`;

export function hashModules(folder: string): GatecastIntegrity {
  const modules = readdirSync(folder).filter((file) => file.endsWith('.js'));
  return Object.fromEntries(
    modules.sort().map((file) => [file, integrityOf(readFileSync(join(folder, file)))]),
  );
}

/**
 * The tags that load `gatecast.js` from a folder with every byte held to its hash. `integrity` on the script covers
 * `gatecast.js` alone; the chunks that it loads later are covered by the import map, in browsers that know its
 * `integrity` (others ignore it), and no older import map may come before it.
 *
 * @param base - where the files lie, with its slash: `/` or `https://cdn.example/gatecast/`.
 */
export function scriptTags(integrity: GatecastIntegrity, base = '/'): { script: string; importMap: string } {
  const { 'gatecast.js': entry, ...chunks } = integrity;
  if (entry === undefined) throw new RangeError('There is no gatecast.js among the hashed files.');
  const covered = Object.fromEntries(Object.entries(chunks).map(([file, hash]) => [base + file, hash]));
  return {
    script: `<script type="module" src="${base}gatecast.js" integrity="${entry}" crossorigin="anonymous"></script>`,
    importMap: `<script type="importmap">\n${JSON.stringify({ integrity: covered }, null, 2)}\n</script>`,
  };
}

/** Writes `integrity.json` (file to hash) and `script-tag.html` (ready tags) beside the modules. */
export function writeIntegrity(folder: string): void {
  const integrity = hashModules(folder);
  const { script, importMap } = scriptTags(integrity);
  writeFileSync(join(folder, 'integrity.json'), `${JSON.stringify(integrity, null, 2)}\n`);
  writeFileSync(join(folder, 'script-tag.html'), `${importMap}\n${script}\n`);
}

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { runInBackground } from './pack-packages.js';
import type { RecentNode } from './recent-node.js';
import type { SiteStarter } from './site-starters.js';

/** The files in which a checker found its errors, one for each, and its whole output. */
export interface TypeReport {
  readonly files: readonly string[];
  readonly output: string;
}

/** The notations of TypeScript, Angular and Astro, and that of svelte-check for machines. */
const errorPattern = /^(?:([^\s:(]+)[:(]\d+[:,]\d+\)?(?: -|:) .*?\berror\b|\d+ ERROR "([^"]+)")/gm;

/**
 * Checks the types of a site with a file of mistakes and `moduleResolution: 'nodenext'`.
 *
 * @returns the errors in the files of the site and in the packages of this repository. Not all declarations of the frameworks,
 * in packages and in folders like `.nuxt`, know `nodenext`.
 */
export async function checkSite(
  folder: string,
  { checker, config, wrong: [path, text] }: SiteStarter,
  { program, env }: RecentNode,
): Promise<TypeReport> {
  const nodenext = {
    ...config,
    compilerOptions: { module: 'nodenext', moduleResolution: 'nodenext', skipLibCheck: false, noEmit: true },
    vueCompilerOptions: { strictTemplates: true },
  };
  writeFileSync(join(folder, 'nodenext.json'), JSON.stringify(nodenext));
  writeFileSync(join(folder, path), text);
  const output = stripVTControlCharacters(await runInBackground(program, checker, { cwd: folder, env }));
  rmSync(join(folder, path));
  const files = [...output.matchAll(errorPattern)].map(([, one, other]) => one ?? other ?? '');
  return { files: files.filter((file) => !/^\.|node_modules\/(?!@gatecast\/)/.test(file)), output };
}

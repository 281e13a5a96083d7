import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { shareOut } from './share-out.js';

/** Folders of tests that are pure: they start nothing, and leave nothing behind in their process. */
const pureFolders = ['test/token/', 'test/player/', 'test/webcaster/'];
/** What stands in those folders and starts servers, browsers or programs. */
const impureFiles = [
  'test/player/interruptions.test.ts',
  'test/player/nanoplayer-socket-double.test.ts',
  'test/webcaster/janus-interop.test.ts',
  'test/webcaster/leaving.test.ts',
];
const PROCESSES = 4;

/** Whether a test file may run in one process with others. */
export function isPure(file: string): boolean {
  return pureFolders.some((folder) => file.startsWith(folder)) && !impureFiles.includes(file);
}

export interface SharedProcesses {
  /** What to hand to `node --test`: files that import some test files each, and the rest as they are. */
  readonly files: readonly string[];
  readonly remove: () => void;
}

/**
 * Puts pure test files together, a few to a process: `node --test` starts one for each file, and that takes a second of
 * a core before the first test runs, which itself takes milliseconds.
 */
export function shareProcesses(files: readonly string[]): SharedProcesses {
  const folder = resolve('.build', `node-tests-${process.pid}`);
  const groups = shareOut(files.filter(isPure), PROCESSES, {}).filter((group) => group.length > 1);
  const grouped = new Set(groups.flat());
  mkdirSync(folder, { recursive: true });
  const shared = groups.map((group, index) => {
    const path = join(folder, `pure-${index + 1}.test.mjs`);
    const imports = group.map((file) => `import ${JSON.stringify(pathToFileURL(resolve(file)).href)};\n`);
    writeFileSync(path, imports.join(''));
    return path;
  });
  return {
    files: [...shared, ...files.filter((file) => !grouped.has(file))],
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

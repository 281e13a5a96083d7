import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { shareOut } from './share-out.js';

/** Folders of pure tests, which start no programs and do not change their process. */
const pureFolders = ['test/token/', 'test/player/', 'test/webcaster/'];
/**
 * Files in those folders that start servers, browsers or programs, replace what their process has one of, or give the page's
 * memory of its own tokens words such as "a", which other tests have in their addresses.
 */
const impureFiles = [
  'test/player/interruptions.ci.test.ts',
  'test/player/nanoplayer-socket-double.test.ts',
  'test/token/known-secrets.test.ts',
  'test/token/started-requests.test.ts',
  'test/webcaster/janus-interop.ci.test.ts',
  'test/webcaster/leaving.test.ts',
];
const PROCESSES = 4;

/** Whether a test file may share a process with others. */
export function isPure(file: string): boolean {
  return pureFolders.some((folder) => file.startsWith(folder)) && !impureFiles.includes(file);
}

/** A Node process and its test files. */
export interface TestProcess {
  /** The entry file. */
  readonly entry: string;
  readonly files: readonly string[];
}

export interface SharedProcesses {
  readonly processes: readonly TestProcess[];
  readonly remove: () => void;
}

/**
 * Groups pure test files into few processes. The start of a process takes a second of CPU time, such a test only
 * milliseconds.
 */
export function shareProcesses(files: readonly string[]): SharedProcesses {
  const folder = resolve('.build', `node-tests-${process.pid}`);
  const groups = shareOut(files.filter(isPure), PROCESSES, {}).filter((group) => group.length > 1);
  const grouped = new Set(groups.flat());
  mkdirSync(folder, { recursive: true });
  const shared = groups.map((group, index): TestProcess => {
    const entry = join(folder, `pure-${index + 1}.test.mjs`);
    const imports = group.map((file) => `import ${JSON.stringify(pathToFileURL(resolve(file)).href)};\n`);
    writeFileSync(entry, imports.join(''));
    return { entry, files: group };
  });
  const single = files
    .filter((file) => !grouped.has(file))
    .map((file): TestProcess => ({ entry: file, files: [file] }));
  return {
    processes: [...shared, ...single],
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

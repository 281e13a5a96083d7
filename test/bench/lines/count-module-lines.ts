import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { preProcessFile } from 'typescript';
import { countLines, withoutTypes } from './count-lines.js';

/**
 * Counts the lines of TypeScript modules and of all own modules that they need to run, each once.
 *
 * @param without - paths of modules that are imported for another use, and not counted.
 */
export async function countModuleLines(
  paths: string | readonly string[],
  without: readonly string[] = [],
): Promise<number> {
  const found = new Map<string, string>();
  for (const path of [paths].flat()) textsOf(path, found);
  for (const path of without)
    if (!found.delete(path)) throw new RangeError(`No counted module imports ${path}.`);
  const counts = [...found.values()].map((text) => countLines(text, 'typescript'));
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

function textsOf(path: string, found: Map<string, string>): void {
  if (found.has(path)) return;
  const text = readFileSync(path, 'utf8');
  found.set(path, text);
  // Without imports of types, which the page does not load.
  for (const { fileName } of preProcessFile(withoutTypes(text)).importedFiles)
    if (fileName.startsWith('.')) textsOf(join(dirname(path), fileName.replace(/\.js$/, '.ts')), found);
}

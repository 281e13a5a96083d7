import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { preProcessFile } from 'typescript';
import { countLines, withoutTypes } from './count-lines.js';

/** Counts the lines of a TypeScript module and of all own modules that it needs to run, each once. */
export async function countModuleLines(path: string): Promise<number> {
  const counts = [...textsOf(path).values()].map((text) => countLines(text, 'typescript'));
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

function textsOf(path: string, found = new Map<string, string>()): Map<string, string> {
  if (found.has(path)) return found;
  const text = readFileSync(path, 'utf8');
  found.set(path, text);
  // Without imports of types, which the page does not load.
  for (const { fileName } of preProcessFile(withoutTypes(text)).importedFiles)
    if (fileName.startsWith('.')) textsOf(join(dirname(path), fileName.replace(/\.js$/, '.ts')), found);
  return found;
}

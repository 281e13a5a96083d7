import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { START_SCRIPT_HASH, startLine } from '@gatecast/contract';

/** Chunks that hls.js playback needs before its first frame. */
const chunkNames = ['hls.light', 'hls-engine', 'hls-parts'];

interface Chunk {
  readonly file: string;
  readonly name?: string;
}

/** Files of these chunks in a folder of gatecast.js. @throws RangeError if one is missing. */
export function startChunks(folder: string): string[] {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Record<string, Chunk>;
  return chunkNames.map((name) => {
    const found = Object.values(manifest).find((chunk) => chunk.name === name);
    if (!found) throw new RangeError(`${folder} has no chunk named ${name}.`);
    return found.file;
  });
}

/** The line for pages that have gatecast.js in a folder, `/` for example. */
export const startLineOf = (folder: string, base = '/'): string =>
  startLine({ parts: startChunks(folder).map((file) => `${base}${file}`) });

/** Writes `start.html` (the line for the folder `/`) and `start.json` (what other folders and servers need for it). */
export function writeStartLine(folder: string): void {
  const start = { script: START_SCRIPT_HASH, chunks: startChunks(folder) };
  writeFileSync(join(folder, 'start.html'), `${startLineOf(folder)}\n`);
  writeFileSync(join(folder, 'start.json'), `${JSON.stringify(start, null, 2)}\n`);
}

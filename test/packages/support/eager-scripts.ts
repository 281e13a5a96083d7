import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** Words that only the sources of a part have, after minification too. */
export const PART_WORDS: Readonly<Record<string, string>> = {
  'hls.js': 'hlsManifestParsed',
  'the skin': 'media-controller',
};

/** Which parts of the player a built page loads with its first scripts, and which in chunks of their own. */
export interface ChunkedParts {
  readonly eager: readonly string[];
  readonly lazy: readonly string[];
}

const scriptsOf = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? '').filter((path) => path !== '');

/**
 * Reads a built page: its scripts and preloads, what these import statically, and the parts of the player in them. The
 * other scripts of the folder are lazy, whichever way the bundler loads them.
 *
 * @throws Error if the page has no script.
 */
export function chunkedParts(folder: string, page = 'index.html'): ChunkedParts {
  const html = readFileSync(join(folder, page), 'utf8');
  const tags = scriptsOf(html, /<(?:script|link)\b[^>]*?\b(?:src|href)=["']?([^"'\s>]+\.m?js)/g);
  if (tags.length === 0) throw new Error(`${page} has no script.`);
  const eager = new Set(tags.map((path) => resolve(folder, path.replace(/^\//, ''))));
  for (const file of eager) {
    const text = readFileSync(file, 'utf8');
    const imports = scriptsOf(text, /\b(?:import|from)\s*["'](\.{1,2}\/[^"']+\.m?js)["']/g);
    for (const path of imports) eager.add(resolve(dirname(file), path));
  }
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.m?js$/.test(path) && !path.split(sep).includes('node_modules'))
    .map((path) => join(folder, path));
  const partsIn = (files: readonly string[]): string[] => {
    const texts = files.map((file) => readFileSync(file, 'utf8'));
    return Object.keys(PART_WORDS).filter((name) =>
      texts.some((text) => text.includes(PART_WORDS[name] ?? '')),
    );
  };
  const lazy = all.filter((path) => !eager.has(path) && !relative(folder, path).startsWith('..'));
  return { eager: partsIn([...eager]), lazy: partsIn(lazy) };
}

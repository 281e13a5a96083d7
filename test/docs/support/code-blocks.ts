import { readFileSync } from 'node:fs';

const docsFolder = new URL('../../../demo/docs/', import.meta.url);

/**
 * The code blocks of a page that have a name, as VitePress writes it behind the language: `js [server.js]`.
 *
 * @param page - path below `demo/docs`.
 */
export function namedCodeBlocks(page: string): ReadonlyMap<string, string> {
  const text = readFileSync(new URL(page, docsFolder), 'utf8');
  const fences = text.matchAll(/^```\w+ \[([^\]]+)\]\n([\s\S]*?)^```$/gm);
  return new Map([...fences].map(([, name = '', code = '']) => [name, code]));
}

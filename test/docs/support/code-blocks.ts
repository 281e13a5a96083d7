import { readFileSync } from 'node:fs';

const docsFolder = new URL('../../../demo/docs/', import.meta.url);

/**
 * The named code blocks of a page, in VitePress syntax: `js [server.js]`. A block may also import a file of the
 * examples: `<<< ../../../examples/express-backend/server.js [server.js]`.
 *
 * @param page - path below `demo/docs`.
 */
export function namedCodeBlocks(page: string): ReadonlyMap<string, string> {
  const address = new URL(page, docsFolder);
  const text = readFileSync(address, 'utf8');
  const fences = text.matchAll(/^```\w+ \[([^\]]+)\]\n([\s\S]*?)^```$/gm);
  const files = text.matchAll(/^<<< ([^\s{]+)(?:\{\w+\})? \[([^\]]+)\]$/gm);
  return new Map([
    ...[...fences].map(([, name = '', code = '']) => [name, code] as const),
    ...[...files].map(
      ([, path = '', name = '']) => [name, readFileSync(new URL(path, address), 'utf8')] as const,
    ),
  ]);
}

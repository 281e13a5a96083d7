import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/** The page “Use the endpoint that you have”. */
export const endpointPage = readFileSync(
  new URL('../../../demo/docs/guide/your-endpoint.md', import.meta.url),
  'utf8',
);

/** The code of a section, without its examples of responses. */
export function recipesOf(heading: string): readonly string[] {
  const [section] = endpointPage.split(`\n## ${heading}\n`)[1]?.split('\n## ') ?? [];
  assert.ok(section, `The page has no section "${heading}".`);
  return [...section.matchAll(/^```(?:js|html)\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
}

import { join } from 'node:path';
import type { SchemeRow } from '../../../demo/backend/schemes/scheme-row.js';
import { schemeTable } from '../../../demo/backend/schemes/scheme-table.js';
import { handWrittenPages } from '../by-hand/hand-written-pages.js';
import { countLines } from './count-lines.js';
import { countModuleLines } from './count-module-lines.js';
import { schemeSnippets } from './scheme-snippets.js';

/** Lines that a team writes for one scheme alone. */
export interface SchemeLines {
  readonly scheme: string;
  readonly label: string;
  readonly way: string;
  /** The page with Gatecast, and the configuration of its server. */
  readonly page: number;
  readonly server: number;
  /** The page with hls.js. Its server is not counted. */
  readonly byHand: number;
  /** Module of the page with hls.js. */
  readonly module: string;
  /** What that page does not do and the player does. */
  readonly leavesOut: string;
}

const pages = join(import.meta.dirname, '../by-hand/pages');

/** Counts the lines for each scheme of the demo: the content of `demo/docs/scheme-lines.json`. */
export async function countSchemes(): Promise<readonly SchemeLines[]> {
  return Promise.all(schemeTable.map(countScheme));
}

/** @throws TypeError when there is no hand-written page for the scheme. */
async function countScheme(row: SchemeRow): Promise<SchemeLines> {
  const { name: scheme, label, way } = row;
  const written = handWrittenPages[scheme];
  if (!written) throw new TypeError(`There is no hand-written page for ${scheme} in hand-written-pages.ts.`);
  const { module, leavesOut } = written;
  const { gatecastPage, gatecastServer, handWrittenPage } = schemeSnippets(row);
  const [page, server, html, script] = await Promise.all([
    countLines(gatecastPage, 'html'),
    countLines(gatecastServer, 'json'),
    countLines(handWrittenPage, 'html'),
    countModuleLines(join(pages, `${module}.ts`)),
  ]);
  return { scheme, label, way, page, server, byHand: html + script, module, leavesOut };
}

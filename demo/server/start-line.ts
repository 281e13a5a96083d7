import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { gatecastFolder } from '../../.config/bundle/build-environments.js';

/**
 * Replaces `<!-- start line -->` in the HTML of a page with the line that starts its players before `gatecast.js` is there.
 * Until that is built, there is no line.
 */
export function startLine(folder = gatecastFolder): Plugin {
  return {
    name: 'gatecast-start-line',
    transformIndexHtml: {
      // Vite must leave the script as it is: a policy may have its hash.
      order: 'post',
      handler: async (html) => {
        const line = await readFile(join(folder, 'start.html'), 'utf8').catch(() => '');
        return html.replace('<!-- start line -->', () => line.trimEnd());
      },
    },
  };
}

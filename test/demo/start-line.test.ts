import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createServer, type ViteDevServer } from 'vite';
import { buildGatecast } from '../../.config/bundle/build-gatecast.js';
import { startLineOf } from '../../.config/bundle/write-start-line.js';
import { startLine } from '../../demo/server/start-line.js';

const PAGE = '<!doctype html><html><body><secure-player></secure-player><!-- start line --></body></html>';

async function transform(folder: string): Promise<string> {
  const server: ViteDevServer = await createServer({
    configFile: false,
    logLevel: 'silent',
    server: { middlewareMode: true, ws: false },
    plugins: [startLine(folder)],
  });
  try {
    return await server.transformIndexHtml('/', PAGE);
  } finally {
    await server.close();
  }
}

describe('the inline line of a demo page', () => {
  it('is that of the built gatecast.js, unchanged', async () => {
    const { folder } = await buildGatecast();
    const html = await transform(folder);
    assert.ok(html.includes(`<secure-player></secure-player>${startLineOf(folder)}</body>`));
  });

  it('is missing while gatecast.js is not built', async () => {
    const html = await transform('/nowhere');
    assert.ok(html.includes('<secure-player></secure-player></body>'));
  });
});

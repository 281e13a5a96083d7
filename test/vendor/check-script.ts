import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { createBackend } from '../../demo/backend/backend.js';
import { startNanoSocketServer } from '../doubles/nanoplayer/socket-server.js';
import { startWhipRelay } from '../doubles/whip-relay.js';
import { bundleClassicScript } from '../support/bundle-classic-script.js';
import type { ContractEnvironment } from './contract.js';
import type { ExpectationResult } from './expectation.js';
import type { VendorArguments } from './vendor-arguments.js';

/** Starts the local servers, loads the script into a page and checks its client. @returns its version, or null. */
export async function checkScript(
  { script, client, only }: VendorArguments,
  browser: Browser,
  report: (result: ExpectationResult) => void,
): Promise<string | null> {
  const backend = await (await createBackend({ faultPages: 'loopback' })).listen();
  const vendor = await startNanoSocketServer(backend.origin);
  const relay = await startWhipRelay(backend.origin);
  const environment: ContractEnvironment = {
    backendOrigin: backend.origin,
    vendorOrigin: vendor.origin,
    relayOrigin: relay.origin,
  };
  const site = await serve({
    '/': '<!doctype html><html lang="en"><meta charset="utf-8"><title>vendor</title><link rel="icon" href="data:,"><body></body></html>',
    '/vendor.js': readFileSync(script, 'utf8'),
    '/contract.js': await bundleClassicScript('vendor/contract-page.ts'),
  });
  try {
    const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
    const isLocal = (url: URL): boolean => url.hostname === '127.0.0.1' || url.protocol === 'blob:';
    // The script may send metrics; what it does is checked with local servers only.
    await context.route(
      (url) => !isLocal(url),
      (route) => route.abort(),
    );
    await context.routeWebSocket(
      (url) => !isLocal(url),
      (socket) => socket.close(),
    );
    const page = await context.newPage();
    await page.exposeFunction('takeResult', report);
    await page.goto(site.origin);
    await page.addScriptTag({ url: '/vendor.js' });
    await page.addScriptTag({ url: '/contract.js' });
    return await page.evaluate((request) => window.checkVendorClient?.(request) ?? null, {
      client,
      environment,
      only,
    });
  } finally {
    await site.close();
    await relay.close();
    await vendor.close();
    await backend.close();
  }
}

interface Site {
  readonly origin: string;
  close(): Promise<void>;
}

async function serve(files: Readonly<Record<string, string>>): Promise<Site> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const text = Object.hasOwn(files, path) ? files[path] : undefined;
    if (text === undefined) return void response.writeHead(404).end();
    const type = path.endsWith('.js') ? 'text/javascript' : 'text/html';
    response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8` }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

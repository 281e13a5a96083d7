import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type InformationEvent } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { startHead } from '@gatecast/server';

const { head, link, links } = startHead({
  parts: ['/js/gatecast-hls.light-a.js', '/js/gatecast-hls-parts-b.js?v=1&w'],
  mediaOrigins: ['https://media.example', 'https://media-2.example:8443'],
});

describe('the links of startHead', () => {
  it('reach a client as 103 Early Hints before the page is written', async () => {
    let writePage = (): void => undefined;
    const server = createServer((_, response) => {
      response.writeEarlyHints({ link: [...links] });
      writePage = () => response.writeHead(200, { 'Content-Type': 'text/html', Link: link }).end(head);
    }).listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const sent = request({ port, host: '127.0.0.1' }).end();
      const [hints] = (await once(sent, 'information')) as [InformationEvent];
      // The page exists only after the client has the hints.
      const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
      writePage();
      const [page] = await answered;
      assert.equal(hints.statusCode, 103);
      assert.equal(hints.headers['link'], link);
      assert.equal(page.statusCode, 200);
      assert.equal(page.headers['link'], link);
      assert.equal(await text(page), head);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('are the values of the header, one for each line of the head', () => {
    assert.equal(links.join(', '), link);
    assert.equal(links.length, head.split('\n').length);
  });
});

import type { IncomingMessage, ServerResponse } from 'node:http';
import { V6_PATH } from './webcaster-v6-path.js';

/**
 * Translates the vendor's HTTP, as seen from client 6.2.3, to the demo's WHIP ingest: the stream is in the query, the offer
 * is `text/plain`, `Location` is absolute, and DELETE carries no token. The session's own token is used for that.
 */
export class WebcasterV6Ingest {
  readonly #backendOrigin: string;
  readonly #tokens = new Map<string, string>();

  constructor(backendOrigin: string) {
    this.#backendOrigin = backendOrigin;
  }

  async answer(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const { method, headers } = request;
    const url = new URL(request.url ?? '', `http://${headers.host ?? ''}`);
    if (method === 'DELETE') return this.#delete(url, response);
    const isExpected = method === 'POST' && headers['content-type']?.startsWith('text/plain') === true;
    if (!isExpected) return void response.writeHead(405).end();
    const stream = url.searchParams.get('stream_name') ?? '';
    const authorization = headers.authorization ?? '';
    const answer = await fetch(`${this.#backendOrigin}/whip/${encodeURIComponent(stream)}`, {
      method,
      headers: { 'Content-Type': 'application/sdp', authorization },
      body,
    });
    const location = answer.headers.get('Location');
    const created: Record<string, string> = {};
    if (location !== null) {
      const path = new URL(location, answer.url).pathname;
      this.#tokens.set(path, authorization);
      created['Location'] = `${url.origin}${V6_PATH}${path}`;
    }
    response.writeHead(answer.status, { 'Content-Type': 'text/plain', ...created });
    response.end(await answer.text());
  }

  async #delete(url: URL, response: ServerResponse): Promise<void> {
    const path = url.pathname.slice(V6_PATH.length);
    const authorization = this.#tokens.get(path) ?? '';
    this.#tokens.delete(path);
    const answer = await fetch(`${this.#backendOrigin}${path}`, {
      method: 'DELETE',
      headers: { authorization },
    });
    response.writeHead(answer.status).end();
  }
}

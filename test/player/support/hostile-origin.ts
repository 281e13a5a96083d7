import { openMediaOrigin } from '../../support/backend.js';

/** The origin that answers with whatever a test puts there. No request leaves the page. */
export const HOSTILE_ORIGIN = 'https://hostile.example';

export type HostileAnswer = (request: Request) => Response | Promise<Response>;

/** Answers requests to {@link HOSTILE_ORIGIN}, and records what the page does not catch. */
export class HostileOrigin {
  /** Messages of errors and rejections that nobody has caught. */
  readonly uncaught: string[] = [];
  readonly #answers = new Map<string, HostileAnswer>();
  readonly #original = globalThis.fetch;
  readonly #fetch = globalThis.fetch.bind(globalThis);
  readonly #end = new AbortController();
  #count = 0;

  constructor() {
    const { signal } = this.#end;
    addEventListener('error', ({ message }) => this.uncaught.push(message), { signal });
    addEventListener('unhandledrejection', ({ reason }) => this.uncaught.push(String(reason)), { signal });
    globalThis.fetch = (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      if (!url.startsWith(HOSTILE_ORIGIN)) return this.#fetch(input, init);
      const request = new Request(input, init);
      const answer = this.#answers.get(new URL(url).pathname);
      return Promise.resolve(answer ? answer(request) : new Response('', { status: 404 }));
    };
  }

  /** Puts an answer under a new path. @returns its address */
  put(name: string, answer: string | Uint8Array<ArrayBuffer> | HostileAnswer): string {
    this.#count += 1;
    const path = `/${String(this.#count)}/${name}`;
    this.#answers.set(path, typeof answer === 'function' ? answer : () => new Response(answer));
    return HOSTILE_ORIGIN + path;
  }

  restore(): void {
    globalThis.fetch = this.#original;
    this.#end.abort();
  }
}

/** The window of a live stream as the lines of a recording, with absolute addresses. */
export async function recordedLines(): Promise<string[]> {
  const url = `${openMediaOrigin()}/live/demo-low.m3u8`;
  const text = await (await fetch(url)).text();
  return [
    ...text
      .split('\n')
      .map((line) => absolute(line, url))
      .filter((line) => line !== ''),
    '#EXT-X-ENDLIST',
  ];
}

function absolute(line: string, baseUrl: string): string {
  if (line !== '' && !line.startsWith('#')) return new URL(line, baseUrl).href;
  return line.replace(/URI="([^"]*)"/, (_, uri: string) => `URI="${new URL(uri, baseUrl).href}"`);
}

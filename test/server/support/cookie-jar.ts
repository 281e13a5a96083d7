import assert from 'node:assert/strict';

/** Keeps the cookies of one host as a browser does. It refuses a prefixed cookie without the attributes that it needs. */
export class CookieJar {
  readonly #cookies = new Map<string, string>();

  /** The header `Cookie` of the next request. */
  get headers(): Record<string, string> {
    const pairs = [...this.#cookies].map(([name, value]) => `${name}=${value}`);
    return pairs.length === 0 ? {} : { Cookie: pairs.join('; ') };
  }

  get names(): string[] {
    return [...this.#cookies.keys()];
  }

  /** Stores the cookies of a response and returns it. */
  keep(response: Response): Response {
    for (const line of response.headers.getSetCookie()) this.#store(line);
    return response;
  }

  #store(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const name = pair.slice(0, pair.indexOf('='));
    if (/^__(?:Host|Secure)-/.test(name)) assert.ok(attributes.includes('Secure'), line.slice(pair.length));
    if (name.startsWith('__Host-')) assert.ok(attributes.includes('Path=/'), line.slice(pair.length));
    assert.ok(attributes.includes('HttpOnly'));
    assert.ok(pair.length <= 4096, `the cookie has ${pair.length} characters`);
    if (attributes.includes('Max-Age=0')) this.#cookies.delete(name);
    else this.#cookies.set(name, pair.slice(name.length + 1));
  }
}

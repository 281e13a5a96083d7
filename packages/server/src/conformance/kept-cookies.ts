/**
 * Keeps the cookies of an endpoint as a browser does: an endpoint that counts devices would take each request without them
 * for a new device.
 */
export class KeptCookies {
  readonly #cookies = new Map<string, string>();

  keep(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';');
      const separator = pair.indexOf('=');
      if (separator < 1) continue;
      const name = pair.slice(0, separator).trim();
      const isRemoved = attributes.some((each) => /^\s*max-age\s*=\s*(?:0|-\d+)\s*$/i.test(each));
      if (isRemoved) this.#cookies.delete(name);
      else this.#cookies.set(name, pair.slice(separator + 1).trim());
    }
  }

  /** The headers of a request with these cookies, after those of its own header `Cookie`. */
  addTo(headers: Readonly<Record<string, string>>): Headers {
    const all = new Headers(headers);
    const own = all.get('Cookie');
    const pairs = [...this.#cookies].map(([name, value]) => `${name}=${value}`);
    if (pairs.length > 0) all.set('Cookie', [...(own === null ? [] : [own]), ...pairs].join('; '));
    return all;
  }
}

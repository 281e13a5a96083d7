/** What hls.js and its hooks use of an `XMLHttpRequest` that is not sent itself. */
export class FakeXhr extends EventTarget {
  responseType = '';
  withCredentials = false;
  onload: (() => void) | null = null;
  onreadystatechange: (() => void) | null = null;
  readyState = 0;
  readonly status: number = 0;
  readonly response: unknown = null;
  readonly responseURL: string = '';

  constructor() {
    super();
    this.addEventListener('load', () => this.onload?.());
    this.addEventListener('readystatechange', () => this.onreadystatechange?.());
  }

  open(): void {
    this.readyState = 1;
  }
}

/** Lets code of browsers run in Node.js meanwhile. */
export async function withFakeXhr<Result>(run: () => Promise<Result>): Promise<Result> {
  const stubs = { XMLHttpRequest: FakeXhr, document: { baseURI: 'https://page.example/' } };
  for (const [name, value] of Object.entries(stubs))
    Object.defineProperty(globalThis, name, { configurable: true, value });
  try {
    return await run();
  } finally {
    for (const name of Object.keys(stubs)) Reflect.deleteProperty(globalThis, name);
  }
}

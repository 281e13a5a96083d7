const EVENTS = [
  'secure-token-refreshed',
  'secure-token-failed',
  'secure-error',
  'secure-broadcast-state',
  'secure-broadcast-stats',
  'secure-devices-changed',
];
const METHODS = ['log', 'info', 'warn', 'error', 'debug'] as const;

/** Serialises everything in a value that page code can read. */
export function describeValue(value: unknown, seen: ReadonlySet<unknown> = new Set()): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  if (seen.has(value) || value instanceof Node) return '';
  const inside = new Set(seen).add(value);
  const describe = (each: unknown) => describeValue(each, inside);
  if (value instanceof Error) {
    return [value.name, value.message, value.stack, JSON.stringify(value), describe(value.cause)].join(' ');
  }
  const own = Object.entries(value).map(([key, each]) => `${key}=${describe(each)}`);
  return [value instanceof Event ? value.type : '', ...own].join(' ');
}

/** Records what page and user can read: console, events, and the document with its shadow trees. */
export class SecretListener {
  readonly #said: string[] = [];
  readonly #originals = METHODS.map((method) => console[method].bind(console));
  readonly #life = new AbortController();

  constructor() {
    for (const method of METHODS) {
      console[method] = (...args: unknown[]) => this.add(...args);
    }
    for (const type of [...EVENTS, 'error', 'unhandledrejection']) {
      const listener = (event: Event) => {
        this.add(event, 'reason' in event ? event.reason : '', 'error' in event ? event.error : '');
      };
      addEventListener(type, listener, { signal: this.#life.signal });
    }
  }

  add(...values: readonly unknown[]): void {
    this.#said.push(values.map((value) => describeValue(value)).join(' '));
  }

  /** Reads the current document. */
  readDocument(): void {
    const roots: ParentNode[] = [document];
    for (const root of roots) {
      for (const element of root.querySelectorAll('*'))
        if (element.shadowRoot) roots.push(element.shadowRoot);
      this.#said.push(root instanceof Document ? root.documentElement.outerHTML : '');
      this.#said.push(root instanceof ShadowRoot ? root.innerHTML : '');
    }
  }

  /** Counts the secrets that can be read. It does not name them, because a failure would print them. */
  countFound(secrets: Iterable<string>): number {
    const everything = this.#said.join('\n');
    return [...secrets].filter((secret) => everything.includes(secret)).length;
  }

  stop(): void {
    this.#life.abort();
    METHODS.forEach((method, index) => {
      const original = this.#originals[index];
      if (original) console[method] = original;
    });
  }
}

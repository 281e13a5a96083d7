import type { EventNames } from './element-props.js';

/** Writes props to the properties and listeners of one element. */
export class PropWriter {
  readonly #element: HTMLElement;
  readonly #events: EventNames;
  /** What each property was before the first write. */
  readonly #initial = new Map<string, unknown>();
  #written: ReadonlyMap<string, unknown> = new Map();

  constructor(element: HTMLElement, events: EventNames) {
    this.#element = element;
    this.#events = events;
  }

  /**
   * Writes what differs from the props before. A property whose prop is gone or `undefined` gets back its first value, and
   * a property that the page or the viewer has changed since keeps that value until its prop changes.
   */
  write(props: ReadonlyMap<string, unknown>): void {
    const before = this.#written;
    this.#written = new Map(props);
    for (const name of new Set([...before.keys(), ...props.keys()])) {
      const value = props.get(name);
      const old = before.get(name);
      if (value === old) continue;
      const event = this.#events[name];
      if (event === undefined) this.#setProperty(name, value);
      else this.#listen(event, old, value);
    }
  }

  #setProperty(name: string, value: unknown): void {
    if (!this.#initial.has(name)) this.#initial.set(name, Reflect.get(this.#element, name));
    Reflect.set(this.#element, name, value === undefined ? this.#initial.get(name) : value);
    // As React does: `title={null}` removes the attribute.
    if (value == null && name in HTMLElement.prototype) this.#element.removeAttribute(name);
  }

  #listen(event: string, old: unknown, listener: unknown): void {
    if (isListener(old)) this.#element.removeEventListener(event, old);
    if (isListener(listener)) this.#element.addEventListener(event, listener);
  }
}

const isListener = (value: unknown): value is EventListener => typeof value === 'function';

import {
  type Fault,
  type FaultTree,
  describeFault,
  faultsAtWork,
  listFaults,
  setFault,
} from './fault-parameters.js';
import { findElement } from '../find-element.js';
import { type FaultDriver, backendFaults } from './fault-driver.js';
import type { FaultSettings } from '../qa-client.js';
import { faultFieldsOf, fillFaultField, readFaultFields } from './fault-fields.js';

export interface FaultConsoleOptions {
  /** What the address asked for. */
  readonly wanted: FaultTree;
  /** The page has set or cleared faults; what it wants now. */
  readonly onWanted: (wanted: FaultTree, words: string) => void;
  /** What the backend does wrong at present. */
  readonly onSettings: (settings: FaultSettings) => void;
  /** What does the breaking, asked each time. @defaultValue the demo's backend */
  readonly driver?: () => FaultDriver;
  readonly signal: AbortSignal;
}

const lookEveryMs = 3_000;

/** The forms that set faults, and the list of those that are set. */
export class FaultConsole {
  readonly #options: FaultConsoleOptions;
  readonly #forms = document.querySelectorAll<HTMLFormElement>('form[data-fault]');
  readonly #list = findElement('active-faults', HTMLUListElement);
  #wanted: FaultTree;
  #shown = '';

  constructor(options: FaultConsoleOptions) {
    this.#options = options;
    this.#wanted = options.wanted;
    const { signal } = options;
    for (const form of this.#forms) {
      const submit = (event: Event): void => {
        event.preventDefault();
        void this.set(readFaultFields(form));
      };
      form.addEventListener('submit', submit, { signal });
      if (form.dataset['now'] !== undefined) form.addEventListener('change', submit, { signal });
    }
    findElement('clear-faults', HTMLButtonElement).addEventListener('click', () => void this.clear(), {
      signal,
    });
    const timer = setInterval(() => {
      if (!document.hidden) void this.#look();
    }, lookEveryMs);
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
    this.#fillFields();
  }

  get #driver(): FaultDriver {
    return this.#options.driver?.() ?? backendFaults;
  }

  /** Makes the backend as the address wants it; an address that names no fault leaves it as it is. */
  async start(): Promise<void> {
    await this.#attempt(async () => {
      const faults = listFaults(this.#wanted);
      if (faults.length === 0) return this.#driver.read();
      await this.#driver.clear();
      return this.#driver.set(Object.fromEntries(faults.map(({ path, value }) => [path, value])));
    });
  }

  /** Sets some faults by their paths; `null` takes one away. */
  async set(faults: Readonly<Record<string, unknown>>): Promise<void> {
    const entries = Object.entries(faults);
    for (const [path, value] of entries) this.#wanted = setFault(this.#wanted, path, value);
    const words = entries.map(([path, value]) => describeFault({ path, value })).join(', ');
    this.#options.onWanted(this.#wanted, `Fault: ${words}`);
    await this.#attempt(() => this.#driver.set(faults));
  }

  async clear(): Promise<void> {
    this.#wanted = {};
    this.#options.onWanted(this.#wanted, 'All faults cleared');
    this.#fillFields();
    await this.#attempt(async () => {
      await this.#driver.clear();
      return {};
    });
  }

  /** Something that acts once, such as `expireNow`. */
  async trigger(path: string): Promise<void> {
    await this.#attempt(() => this.#driver.set({ [path]: true }));
  }

  async #look(): Promise<void> {
    // The demo server may be restarting; the next look will tell.
    const settings = await this.#driver.read().catch(() => null);
    if (settings) this.#show(settings);
  }

  async #attempt(act: () => Promise<FaultSettings>): Promise<void> {
    const alert = findElement('fault-error', HTMLParagraphElement);
    try {
      this.#show(await act());
      alert.textContent = '';
    } catch (error) {
      alert.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  #show(settings: FaultSettings): void {
    this.#options.onSettings(settings);
    const faults = faultsAtWork(settings);
    const shown = JSON.stringify(faults);
    if (shown === this.#shown) return;
    this.#shown = shown;
    findElement('no-faults', HTMLParagraphElement).hidden = faults.length > 0;
    this.#list.replaceChildren(...faults.map((fault) => this.#createChip(fault)));
  }

  #createChip(fault: Fault): HTMLLIElement {
    const { path } = fault;
    const item = document.createElement('li');
    const remove = document.createElement('button');
    item.className = 'chip';
    remove.type = 'button';
    remove.textContent = '×';
    remove.ariaLabel = `Take ${path} away`;
    remove.addEventListener('click', () => {
      void this.set({ [path]: null }).then(() => this.#fillFields());
    });
    item.append(describeFault(fault), remove);
    return item;
  }

  #fillFields(): void {
    const wanted = new Map(listFaults(this.#wanted).map(({ path, value }) => [path, value]));
    for (const form of this.#forms) {
      for (const field of faultFieldsOf(form)) {
        const value = wanted.get(field.name);
        if (form.dataset['now'] === undefined && value === undefined) continue;
        fillFaultField(field, value);
      }
    }
  }
}

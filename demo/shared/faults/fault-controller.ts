import { type FaultDriver, backendFaults } from './fault-driver.js';
import {
  type Fault,
  type FaultTree,
  describeFault,
  faultsAtWork,
  listFaults,
  setFault,
} from './fault-parameters.js';
import type { FaultSettings } from '../qa-client.js';

export interface FaultControllerOptions {
  /** Faults that the address of the page names. */
  readonly wanted: FaultTree;
  /** The page has set or cleared faults: all that it wants now, and the change in words. */
  readonly onWanted: (wanted: FaultTree, words: string) => void;
  /** The faults that are set now, by this page or by others. */
  readonly onSettings: (settings: FaultSettings) => void;
  /** Asked for each change. @defaultValue the demo's backend */
  readonly driver?: () => FaultDriver;
  readonly signal: AbortSignal;
}

const pollEveryMs = 3_000;

/** Sets faults, and knows which faults are set. Fires `change`. */
export class FaultController extends EventTarget {
  readonly #options: FaultControllerOptions;
  #wanted: FaultTree;
  #active: readonly Fault[] = [];
  #error = '';

  constructor(options: FaultControllerOptions) {
    super();
    this.#options = options;
    this.#wanted = options.wanted;
    const timer = setInterval(() => {
      if (!document.hidden) void this.#poll();
    }, pollEveryMs);
    options.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }

  /** What this page has asked for. */
  get wanted(): FaultTree {
    return this.#wanted;
  }

  /** The faults that have an effect now. */
  get active(): readonly Fault[] {
    return this.#active;
  }

  /** Why the last change failed; `''` if it did not. */
  get error(): string {
    return this.#error;
  }

  get #driver(): FaultDriver {
    return this.#options.driver?.() ?? backendFaults;
  }

  /** Sets the faults of the address. An address without faults leaves the backend as it is. */
  async start(): Promise<void> {
    await this.#attempt(async () => {
      const faults = listFaults(this.#wanted);
      if (faults.length === 0) return this.#driver.read();
      await this.#driver.clear();
      return this.#driver.set(Object.fromEntries(faults.map(({ path, value }) => [path, value])));
    });
  }

  /** Sets faults by their paths; `null` removes a fault. */
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
    await this.#attempt(async () => {
      await this.#driver.clear();
      return {};
    });
  }

  /** Sets off a fault that acts once, such as `expireNow`. */
  async trigger(path: string): Promise<void> {
    await this.#attempt(() => this.#driver.set({ [path]: true }));
  }

  async #poll(): Promise<void> {
    // The demo server may be restarting; the next poll shows the faults again.
    const settings = await this.#driver.read().catch(() => null);
    if (settings) this.#update(settings);
  }

  async #attempt(act: () => Promise<FaultSettings>): Promise<void> {
    try {
      const settings = await act();
      this.#error = '';
      this.#update(settings);
    } catch (error) {
      this.#error = error instanceof Error ? error.message : String(error);
      this.dispatchEvent(new Event('change'));
    }
  }

  #update(settings: FaultSettings): void {
    this.#options.onSettings(settings);
    this.#active = faultsAtWork(settings);
    this.dispatchEvent(new Event('change'));
  }
}

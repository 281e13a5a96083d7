import type { FaultSettings } from '@gatecast/qa/internal/faults/fault-api';
import { type FaultDriver, backendFaults } from '@gatecast/qa/internal/faults/fault-driver';
import type { FaultTree } from '@gatecast/qa/internal/faults/fault-patch';
import type { TimelineRecord } from '@gatecast/qa/internal/record/timeline-record';
import { type Fault, describeFault, faultsAtWork, listFaults, setFault } from './fault-parameters.js';
import type { EventLog } from '../record/event-log.js';

export interface FaultControllerOptions {
  /** Faults from the URL of the page. */
  readonly wanted: FaultTree;
  /** Stores the faults that the page has set in its URL. */
  readonly save: (wanted: FaultTree) => void;
  readonly log: EventLog;
  readonly record: TimelineRecord;
  /** Returns the driver to use. Called for each change. @defaultValue the demo's backend */
  readonly driver?: () => FaultDriver;
  readonly signal: AbortSignal;
}

const pollEveryMs = 3_000;

/** Sets and logs faults, and polls which faults are active. Fires `change`. */
export class FaultController extends EventTarget {
  readonly #options: FaultControllerOptions;
  #wanted: FaultTree;
  #settings: FaultSettings = {};
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

  /** The faults that this page has set. */
  get wanted(): FaultTree {
    return this.#wanted;
  }

  /** The faults with an effect now, set by this page or by another client. */
  get active(): readonly Fault[] {
    return faultsAtWork(this.#settings);
  }

  /** How far the backend's clock is ahead of this page's, in milliseconds. */
  get clockSkewMs(): number {
    return (this.#settings.clockSkewSeconds ?? 0) * 1000;
  }

  /** Whether the backend closes every connection. */
  get isOffline(): boolean {
    return this.#settings.tokens?.down === true && this.#settings.media?.down === true;
  }

  /** Message of the error if the last change failed; `''` if it succeeded. */
  get error(): string {
    return this.#error;
  }

  get #driver(): FaultDriver {
    return this.#options.driver?.() ?? backendFaults;
  }

  /** Sets the faults from the URL. Without faults in the URL, keeps the faults of the backend. */
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
    this.#keep(`Fault: ${words}`);
    await this.#attempt(() => this.#driver.set(faults));
  }

  async clear(): Promise<void> {
    this.#wanted = {};
    this.#keep('All faults cleared');
    await this.#attempt(async () => {
      await this.#driver.clear();
      return {};
    });
  }

  /** Triggers a fault that acts once, such as `expireNow`. */
  async trigger(path: string): Promise<void> {
    await this.#attempt(() => this.#driver.set({ [path]: true }));
  }

  #keep(words: string): void {
    const { save, log, record } = this.#options;
    log.add(words, 'warn');
    record.addIncident('fault', words);
    save(this.#wanted);
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
    this.#settings = settings;
    this.dispatchEvent(new Event('change'));
  }
}

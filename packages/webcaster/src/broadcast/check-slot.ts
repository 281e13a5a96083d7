import { lazyPart } from '@gatecast/token';
import type { CheckItem, CheckReport } from '../preflight/check-report.js';
import { SecureBroadcastCheckEvent } from './start-events.js';
import type { CheckContext } from './run-check.js';

const checkPart = lazyPart('runCheck', async () => (await import('./run-check.js')).runCheck, {
  code: 'publisher-load-failed',
});

export interface CheckSlotOptions extends CheckContext {
  readonly isBroadcasting: () => boolean;
  /** Has the page or the user asked for the preview? */
  readonly wantsPreview: () => boolean;
  /** Called when the check has closed what it had opened. */
  readonly onClosed: () => void;
}

interface SharedCheck {
  readonly work: Promise<CheckReport>;
  readonly controller: AbortController;
  callers: number;
}

/** The check that runs now, which all callers share, and the last report. */
export class CheckSlot {
  readonly #options: CheckSlotOptions;
  #run: SharedCheck | null = null;
  #checks: readonly CheckItem[] = [];
  #report: CheckReport | null = null;
  /** Checks that have not settled: a prompt of the browser outlives the check that has opened it. */
  #unsettled = 0;
  /** Was nothing open when the first of them began? Then the last one closes what they have opened. */
  #mustClose = false;

  constructor(options: CheckSlotOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#run !== null;
  }

  /** The steps that are done, of the check that runs or the last one. */
  get checks(): readonly CheckItem[] {
    return this.#checks;
  }

  /** Of the last check that was not cancelled; `null` while one runs, and after a change of what was checked. */
  get report(): CheckReport | null {
    return this.#report;
  }

  /**
   * Runs a check, or waits for the one that runs. A caller's signal ends only its own wait; with the last one, the check ends.
   *
   * @throws the reason of the signal, or of {@link cancel}; DOMException `InvalidStateError` during a broadcast.
   */
  run(signal?: AbortSignal): Promise<CheckReport> {
    if (this.#options.isBroadcasting())
      return Promise.reject(new DOMException('A check runs before a broadcast.', 'InvalidStateError'));
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const run = (this.#run ??= this.#start());
    run.callers += 1;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        run.callers -= 1;
        reject(signal?.reason as Error);
        if (run.callers === 0) this.#end(run, signal?.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      run.work.then(resolve, reject).finally(() => signal?.removeEventListener('abort', leave));
    });
  }

  /** Ends the check that runs, if any. The next call begins another one. */
  cancel(message: string): void {
    if (this.#run) this.#end(this.#run, new DOMException(message, 'AbortError'));
  }

  /**
   * What was checked has changed: ends the check that runs, and forgets what the last one has found. During a broadcast, that
   * stays as what was found before it.
   */
  outdate(message: string): void {
    if (this.#options.isBroadcasting()) return;
    this.cancel(message);
    this.#checks = [];
    this.#report = null;
  }

  #end(run: SharedCheck, reason: unknown): void {
    if (this.#run === run) this.#run = null;
    run.controller.abort(reason);
  }

  #start(): SharedCheck {
    const controller = new AbortController();
    if (this.#unsettled === 0) this.#mustClose = !this.#options.capture.isOpen;
    this.#checks = [];
    this.#report = null;
    const work = this.#work(controller.signal);
    // Callers may have left.
    work.catch(() => undefined);
    return { work, controller, callers: 0 };
  }

  /** Leaves the preview as it was, unless the page has started one, or a broadcast, meanwhile. */
  #close(): void {
    const { capture, host, isBroadcasting, wantsPreview, onClosed } = this.#options;
    if (wantsPreview() || isBroadcasting()) return;
    capture.close();
    onClosed();
    host.requestUpdate();
  }

  /** Settles at once with the signal, whatever the check still waits for. */
  #work(signal: AbortSignal): Promise<CheckReport> {
    return new Promise<CheckReport>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      this.#unsettled += 1;
      this.#check(signal)
        .finally(() => {
          this.#unsettled -= 1;
          if (this.#run?.controller.signal === signal) this.#run = null;
          if (this.#mustClose && this.#unsettled === 0) this.#close();
        })
        .then(resolve, reject);
    }).catch((error: unknown) => {
      // Another one may run already.
      if (!this.#run) this.#tell('cancelled');
      throw error;
    });
  }

  async #check(signal: AbortSignal): Promise<CheckReport> {
    const runCheck = await checkPart({ signal, tries: 3 });
    const onItem = (item: CheckItem): void => {
      if (signal.aborted) return;
      this.#checks = [...this.#checks, item];
      this.#tell('running');
    };
    const report = await runCheck({ ...this.#options, signal, onItem });
    signal.throwIfAborted();
    this.#checks = report.checks;
    this.#report = report;
    this.#tell('done');
    return report;
  }

  #tell(state: SecureBroadcastCheckEvent['state']): void {
    const { host } = this.#options;
    host.requestUpdate();
    host.dispatchEvent(new SecureBroadcastCheckEvent({ state, checks: this.#checks, report: this.#report }));
  }
}

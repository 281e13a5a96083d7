import type { EventLog } from '../record/event-log.js';
import type { FaultController } from './fault-controller.js';
import { runBusy } from '../run-busy.js';
import { cutNetwork } from './network-cut.js';
import { networkFaults, simulateOnline } from '@gatecast/qa/internal/faults/network-switch';

export interface FaultButtonsOptions {
  readonly faults: FaultController;
  /** The element whose tokens the refresh button renews. */
  readonly element: { refreshToken(): Promise<unknown> };
  readonly log: EventLog;
  readonly signal: AbortSignal;
}

type Action = (options: FaultButtonsOptions, button: HTMLButtonElement) => void;

/** Actions of the buttons, by button id. */
const actions: Readonly<Record<string, Action>> = {
  'refresh-token': ({ element }) => {
    // A failure is also an event, which the page logs.
    element.refreshToken().catch(() => undefined);
  },
  'expire-now': ({ faults, log }) => {
    log.add('All tokens expired', 'warn');
    void faults.trigger('expireNow');
  },
  'kill-ingest': ({ faults, log }) => {
    log.add('All ingest connections closed', 'warn');
    void faults.trigger('ingest.kill');
  },
  'refuse-token': ({ faults }) => void faults.set({ 'tokens.fail': 1, 'tokens.status': 403 }),
  'go-offline': ({ faults }, button) => {
    const isToBeOffline = button.ariaPressed !== 'true';
    void faults.set(Object.fromEntries(networkFaults.map((path) => [path, isToBeOffline || null])));
  },
  'cut-network': ({ faults, log, signal }, button) => {
    runBusy(button, async () => {
      log.add('Network down for 10 s', 'warn');
      await cutNetwork(faults, signal).finally(() => log.add('Network up', 'good'));
    });
  },
};

/** Adds the actions to the buttons that trigger a fault at once. A page may omit buttons. */
export function wireFaultButtons(options: FaultButtonsOptions): void {
  for (const [id, act] of Object.entries(actions)) {
    const button = document.getElementById(id);
    if (!(button instanceof HTMLButtonElement)) continue;
    button.addEventListener('click', () => act(options, button), { signal: options.signal });
  }
  showOffline(options);
  options.faults.addEventListener('change', () => showOffline(options), { signal: options.signal });
}

/** Updates the offline button and `navigator.onLine`. Logs each change once. */
function showOffline({ faults: { isOffline }, log }: FaultButtonsOptions): void {
  const button = document.getElementById('go-offline');
  if (!button || (button.ariaPressed === 'true') === isOffline) return;
  button.ariaPressed = String(isOffline);
  button.textContent = isOffline ? 'Go online' : 'Go offline';
  log.add(isOffline ? 'Network down' : 'Network up', isOffline ? 'warn' : 'good');
  simulateOnline(!isOffline);
}

import type { SecurePlayer } from '@gatecast/player';
import type { FaultConsole } from '../shared/faults/fault-console.js';
import { findElement } from '../shared/find-element.js';
import type { EventList } from '../shared/record/event-list.js';
import { networkFaults, simulateOnline } from '../shared/faults/network-switch.js';
import { pause } from './cases/wait-until.js';
import { simulateBackground } from './faults/simulated-background.js';

export interface FaultButtonsOptions {
  readonly faults: FaultConsole;
  readonly player: SecurePlayer;
  readonly events: EventList;
  readonly signal: AbortSignal;
}

const backgroundDriftMs = 60_000;
const backgroundHeldMs = 3_000;

/** Tells the page and the tester whether the network is there; what is so already is not told again. */
export function showOffline(isOffline: boolean, events: EventList): void {
  const button = findElement('go-offline', HTMLButtonElement);
  if ((button.ariaPressed === 'true') === isOffline) return;
  button.ariaPressed = String(isOffline);
  button.textContent = isOffline ? 'Back online' : 'Go offline';
  events.add(isOffline ? 'The network is gone' : 'The network is back', isOffline ? 'warn' : 'good');
  simulateOnline(!isOffline);
}

/** The buttons that break something at once. */
export function wireFaultButtons({ faults, player, events, signal }: FaultButtonsOptions): void {
  const onClick = (id: string, act: (button: HTMLButtonElement) => void): void => {
    const button = findElement(id, HTMLButtonElement);
    button.addEventListener('click', () => act(button), { signal });
  };
  onClick('refresh-token', () => {
    // What goes wrong comes out as an event too, and is told from there.
    player.refreshToken().catch(() => undefined);
  });
  onClick('expire-now', () => {
    events.add('All tokens expired', 'warn');
    void faults.trigger('expireNow');
  });
  onClick('kill-ingest', () => {
    events.add('The ingest drops every broadcast', 'warn');
    void faults.trigger('ingest.kill');
  });
  onClick('go-offline', (button) => {
    const isToBeOffline = button.ariaPressed !== 'true';
    void faults.set(Object.fromEntries(networkFaults.map((path) => [path, isToBeOffline || null])));
  });
  onClick('background', (button) => {
    button.disabled = true;
    events.add('Simulated: hidden, and the clock jumps by a minute', 'warn');
    const wait = (durationMs: number): Promise<void> => pause(durationMs, signal);
    void simulateBackground({ driftMs: backgroundDriftMs, heldMs: backgroundHeldMs, wait }).finally(() => {
      button.disabled = false;
      events.add('Seen again', 'good');
    });
  });
}

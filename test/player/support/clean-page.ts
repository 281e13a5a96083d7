import { systemClock } from '@gatecast/token';
import { expect } from 'chai';
import { clearFaults } from '../../support/backend.js';
import { pause } from '../../support/wait.js';
import { removeControls } from './stall-meter.js';

/** Removes every player and clears the backend's faults; fails if an alarm or a listener is left. */
export async function cleanPage(): Promise<void> {
  document.querySelectorAll('secure-player, secure-player-late').forEach((player) => {
    player.remove();
  });
  removeControls();
  await clearFaults();
  await pause(50);
  expect(systemClock.pending, 'alarms and listeners left behind').to.equal(0);
}

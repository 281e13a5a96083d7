import { checkOptions } from '@gatecast/token';
import { refuseDrm } from '../refuse-drm.js';
import type { WhepOptions } from './whep-options.js';

/** @see https://w3c.github.io/webrtc-extensions/#dom-rtcrtpreceiver-jitterbuffertarget */
const LONGEST_TARGET_MS = 4000;

/** @throws GatecastError `option-invalid`, also for licence servers. */
export function checkWhepOptions({ whepConfig, drm }: Pick<WhepOptions, 'whepConfig' | 'drm'>): void {
  refuseDrm('whep', drm);
  checkOptions('whepConfig', whepConfig, {
    audioOnly: [(value) => typeof value === 'boolean', 'true or false'],
    iceServers: [Array.isArray, 'a list of STUN and TURN servers'],
    jitterBufferTargetMs: [
      (value) => typeof value === 'number' && value >= 0 && value <= LONGEST_TARGET_MS,
      `a number of milliseconds from 0 to ${String(LONGEST_TARGET_MS)}`,
    ],
  });
}

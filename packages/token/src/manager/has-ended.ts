import { isAccessEnd } from '../failure/access-end.js';
import type { TokenSlot } from './token-slot.js';

/** Has the access to its stream ended? */
export function hasEnded({ phase }: TokenSlot): boolean {
  return phase.kind === 'failed' && isAccessEnd(phase.error.code);
}

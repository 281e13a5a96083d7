import { faultPatch } from './fault-parameters.js';
import { type FaultSettings, clearFaults, patchFaults, readFaults } from '../qa-client.js';

/** What does the breaking. */
export interface FaultDriver {
  /** `backend`: the demo's backend fails for real; `page`: answers are replaced in this page. */
  readonly kind: 'backend' | 'page';
  /** What is broken at present. */
  read(): Promise<FaultSettings>;
  /** Sets faults by their paths, as the demo's backend names them; `null` takes one away. */
  set(faults: Readonly<Record<string, unknown>>): Promise<FaultSettings>;
  /** Makes everything work. */
  clear(): Promise<void>;
}

/** Lets the demo's own backend fail, for all that use it. */
export const backendFaults: FaultDriver = {
  kind: 'backend',
  read: readFaults,
  set: (faults) => patchFaults(faultPatch(faults)),
  clear: clearFaults,
};

import { faultPatch } from './fault-patch.js';
import { type FaultSettings, clearFaults, patchFaults, readFaults } from './fault-api.js';

/** Sets and reads faults. */
export interface FaultDriver {
  /** `backend`: the demo's backend causes the faults. `page`: the page replaces responses of any backend. */
  readonly kind: 'backend' | 'page';
  /** Returns the faults that are set. */
  read(): Promise<FaultSettings>;
  /** Sets faults by their paths in the backend's fault settings; `null` removes a fault. */
  set(faults: Readonly<Record<string, unknown>>): Promise<FaultSettings>;
  /** Clears all faults. */
  clear(): Promise<void>;
}

/** Sets faults of the demo's backend. They affect all its clients. */
export const backendFaults: FaultDriver = {
  kind: 'backend',
  read: readFaults,
  set: (faults) => patchFaults(faultPatch(faults)),
  clear: clearFaults,
};

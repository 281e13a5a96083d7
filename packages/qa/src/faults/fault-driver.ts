import { faultPatch } from './fault-patch.js';
import {
  type FaultSettings,
  allowAll,
  clearFaults,
  patchFaults,
  readFaults,
  revokeStream,
} from './fault-api.js';

/** Sets and reads faults. */
export interface FaultDriver {
  /** `backend`: the demo's backend causes the faults. `page`: the page replaces responses of any backend. */
  readonly kind: 'backend' | 'page';
  /** Returns the faults that are set. */
  read(): Promise<FaultSettings>;
  /** Sets faults by their paths in the backend's fault settings; `null` removes a fault. */
  set(faults: Readonly<Record<string, unknown>>): Promise<FaultSettings>;
  /** Ends the access to streams. Only a backend can. */
  revoke?(streams: readonly string[]): Promise<void>;
  /** Allows the access again that `revoke` has ended. */
  allow?(): Promise<void>;
  /** Clears all faults, and allows the access that `revoke` has ended. */
  clear(): Promise<void>;
}

let hasRevoked = false;

async function allow(): Promise<void> {
  if (hasRevoked) await allowAll();
  hasRevoked = false;
}

/** Sets faults of the demo's backend. They affect all its clients. */
export const backendFaults: FaultDriver = {
  kind: 'backend',
  read: readFaults,
  set: (faults) => patchFaults(faultPatch(faults)),
  async revoke(streams) {
    hasRevoked = true;
    await Promise.all(streams.map(revokeStream));
  },
  allow,
  async clear() {
    await Promise.all([clearFaults(), allow()]);
  },
};

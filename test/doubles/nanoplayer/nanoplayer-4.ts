import { version4 } from './client-version.js';
import { NanoPlayerDouble } from './nanoplayer-double.js';

class NanoPlayer extends NanoPlayerDouble {
  constructor(elementId: string) {
    super(elementId, version4);
  }
}

Object.assign(globalThis, { NanoPlayer });

import { version5 } from './client-version.js';
import { NanoPlayerDouble } from './nanoplayer-double.js';

class NanoPlayer extends NanoPlayerDouble {
  constructor(elementId: string) {
    super(elementId, version5);
  }
}

Object.assign(globalThis, { NanoPlayer });

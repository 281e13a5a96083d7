import type { BroadcastDevice, BroadcastDevices } from '../element/webcaster-options.js';

export const NO_DEVICES: BroadcastDevices = { video: [], audio: [] };

/** Sorts what the browser lists. Before permission it lists devices without ids, which cannot be chosen. */
export function sortDevices(infos: readonly MediaDeviceInfo[]): BroadcastDevices {
  const ofKind = (kind: MediaDeviceKind): BroadcastDevice[] =>
    infos
      .filter((info) => info.kind === kind && info.deviceId !== '')
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { video: ofKind('videoinput'), audio: ofKind('audioinput') };
}

/** Cameras and microphones, following `devicechange` until the signal aborts. */
export class DeviceList {
  #devices = NO_DEVICES;
  readonly #onChange: () => void;
  readonly #signal: AbortSignal;

  constructor(onChange: () => void, signal: AbortSignal) {
    this.#onChange = onChange;
    this.#signal = signal;
    mediaDevices()?.addEventListener('devicechange', () => void this.read(), { signal });
  }

  get devices(): BroadcastDevices {
    return this.#devices;
  }

  /** Reads the list anew; labels come with the first permission, without any event. */
  async read(): Promise<void> {
    let infos: MediaDeviceInfo[] = [];
    try {
      infos = (await mediaDevices()?.enumerateDevices()) ?? [];
    } catch {
      // A page without permission to list devices has none to choose from.
    }
    const devices = sortDevices(infos);
    if (this.#signal.aborted || JSON.stringify(devices) === JSON.stringify(this.#devices)) return;
    this.#devices = devices;
    this.#onChange();
  }
}

/** Missing on insecure pages, whatever the DOM's types say. */
function mediaDevices(): MediaDevices | undefined {
  return (navigator as Partial<Navigator>).mediaDevices;
}

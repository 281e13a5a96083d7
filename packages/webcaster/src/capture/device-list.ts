/** A camera or a microphone. Labels are empty until the user has allowed one. */
export interface BroadcastDevice {
  readonly id: string;
  readonly label: string;
}

export interface BroadcastDevices {
  readonly video: readonly BroadcastDevice[];
  readonly audio: readonly BroadcastDevice[];
}

export const NO_DEVICES: BroadcastDevices = { video: [], audio: [] };

/** Sorts the browser's list by kind. Before permission its entries have no ids, so they cannot be chosen. */
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

  /**
   * @param onChange - the list has changed.
   * @param onEvent - the browser reports a change, which the list may not show.
   */
  constructor(onChange: () => void, onEvent: () => void, signal: AbortSignal) {
    this.#onChange = onChange;
    this.#signal = signal;
    const onDeviceChange = () => {
      void this.read();
      onEvent();
    };
    mediaDevices()?.addEventListener('devicechange', onDeviceChange, { signal });
  }

  get devices(): BroadcastDevices {
    return this.#devices;
  }

  /** Reads the list again. Labels come with the first permission, without an event. */
  async read(): Promise<void> {
    let infos: MediaDeviceInfo[] = [];
    try {
      infos = (await mediaDevices()?.enumerateDevices()) ?? [];
    } catch {
      // Without permission to list devices the list stays empty.
    }
    const devices = sortDevices(infos);
    if (this.#signal.aborted || JSON.stringify(devices) === JSON.stringify(this.#devices)) return;
    this.#devices = devices;
    this.#onChange();
  }
}

/** Missing on insecure pages, although the DOM's types say otherwise. */
function mediaDevices(): MediaDevices | undefined {
  return (navigator as Partial<Navigator>).mediaDevices;
}

import { waitFor } from '../wait-for.js';

/** An event of the vendor's client. Where its text is depends on the build. */
export interface RtcUserEvent {
  readonly error?: { readonly code?: unknown };
  readonly data?: unknown;
}

/** The members that the list uses. Builds lack some of them. */
export interface RtcUserClient {
  on(name: string, listener: (event?: RtcUserEvent) => void): void;
  signIn?(options: object): void;
  getDevices?(...args: unknown[]): void;
  startPreview?(...args: unknown[]): void;
  stopPreview?(...args: unknown[]): void;
  startBroadcast?(options: object): void;
}

export type RtcUserClass = new () => RtcUserClient;

const eventNames = ['SignIn', 'StartPreview', 'StartBroadcast'].flatMap((name) => [
  `${name}Success`,
  `${name}Error`,
]);

/** One client and a video element for its preview. */
export class RtcUserBench {
  readonly client: RtcUserClient;
  readonly preview = document.createElement('video');
  readonly #events: { readonly name: string; readonly event: RtcUserEvent }[] = [];

  constructor(Client: RtcUserClass) {
    this.preview.id = 'vendor-preview';
    this.preview.muted = true;
    document.body.append(this.preview);
    this.client = new Client();
    for (const name of [...eventNames, 'ReceivedDeviceList'])
      this.client.on(name, (event = {}) => void this.#events.push({ name, event }));
  }

  /** Waits for the first of some events, and returns its name and code. */
  async first(...names: string[]): Promise<readonly [name: string, code: unknown]> {
    const find = () => this.#events.find(({ name }) => names.includes(name));
    await waitFor(() => find() !== undefined, names.join(' or '));
    const found = find();
    return [found?.name ?? '', found?.event.error?.code];
  }

  /** Options of `startPreview` for the build with one object. */
  get previewOptions(): object {
    const device = { device: 0 };
    return { videoDeviceConfig: device, audioDeviceConfig: device, elementId: this.preview.id };
  }

  end(): void {
    this.client.stopPreview?.();
    this.preview.remove();
  }
}

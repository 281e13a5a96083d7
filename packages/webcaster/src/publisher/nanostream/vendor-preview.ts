import { originOf, type TrackKind } from '../../capture/capture-request.js';
import type { PublisherContext } from '../publisher.js';
import type { RtcUserClient } from './rtc-user-client.js';
import { rtcUserThrew } from './rtc-user-errors.js';
import type { PreviewOptions, RtcUserDevice, RtcUserEventData } from './rtc-user.js';

let count = 0;

/**
 * Devices for builds before 5.11, which cannot send the element's own stream. The vendor's client opens the devices a
 * second time, and needs a video element in the document for it. The user still sees the element's own preview.
 */
export class VendorPreview {
  readonly #context: PublisherContext;
  #video: HTMLVideoElement | null = null;
  #media: MediaStream | null = null;

  constructor(context: PublisherContext) {
    this.#context = context;
  }

  /** @throws GatecastError why the vendor's client cannot open the devices. */
  async open(client: RtcUserClient, signal: AbortSignal): Promise<void> {
    const devices = await this.#list(client, signal);
    const video = this.#place();
    const options = await this.#options(video.id, devices);
    const { data } = await client.run('preview', (user) => user.startPreview(options), signal);
    this.#media = data?.stream instanceof MediaStream ? data.stream : null;
  }

  /** The tracks that the vendor's client opened; empty if they cannot be reached. */
  get tracks(): readonly MediaStreamTrack[] {
    const shown = this.#video?.srcObject;
    return (this.#media ?? (shown instanceof MediaStream ? shown : null))?.getTracks() ?? [];
  }

  close(client?: RtcUserClient): void {
    if (!this.#video) return;
    client?.attempt('stopPreview');
    for (const track of this.tracks) track.stop();
    this.#media = null;
    this.#video.remove();
    this.#video = null;
  }

  /** Without the list, 5.1.2 does not start a preview. Builds that lack it do. */
  async #list(client: RtcUserClient, signal: AbortSignal): Promise<RtcUserEventData['devices']> {
    if (!client.user.getDevices) {
      client.note('vendor-call-missing', 'getDevices');
      return undefined;
    }
    try {
      const { data } = await client.run('devices', (user) => user.getDevices?.(), signal);
      return data?.devices;
    } catch (cause) {
      signal.throwIfAborted();
      client.note('vendor-call-failed', 'getDevices', rtcUserThrew(cause, 'list the devices'));
      return undefined;
    }
  }

  #place(): HTMLVideoElement {
    if (this.#video) return this.#video;
    const video = document.createElement('video');
    video.id = `gatecast-vendor-preview-${String((count += 1))}`;
    video.muted = true;
    video.playsInline = true;
    video.hidden = true;
    // No such slot exists, so it is in the document but is not shown.
    video.slot = 'vendor';
    this.#context.host.append(video);
    this.#video = video;
    return video;
  }

  async #options(elementId: string, listed: RtcUserEventData['devices']): Promise<PreviewOptions> {
    const request = this.#context.captureRequest();
    const { kind, width, height, framerate } = request;
    const known = await navigator.mediaDevices.enumerateDevices();
    const indexOf = (track: TrackKind, inVendorsList: readonly RtcUserDevice[] = []) => {
      if (originOf(request, track) === null) return false;
      const ofKind = known.filter((each) => each.kind === `${track}input`);
      const index = ofKind.findIndex(({ deviceId }) => deviceId === request[track]);
      const { deviceId, label } = ofKind[index] ?? {};
      const isSame = ({ id }: RtcUserDevice) =>
        id !== undefined && id !== '' && [deviceId, label].includes(id);
      return inVendorsList.find(isSame)?.index ?? Math.max(0, index);
    };
    const source = kind === 'screen' ? 'screen' : 'camera';
    return {
      videoDeviceConfig: {
        device: indexOf('video', listed?.videodevices),
        source,
        width,
        height,
        framerate,
      },
      audioDeviceConfig: { device: indexOf('audio', listed?.audiodevices) },
      elementId,
    };
  }
}

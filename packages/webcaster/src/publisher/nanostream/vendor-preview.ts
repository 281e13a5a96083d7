import type { PublisherContext } from '../publisher.js';
import type { RtcUserClient } from './rtc-user-client.js';
import type { PreviewOptions } from './rtc-user.js';

let count = 0;

/**
 * Devices for builds before 5.11, which cannot send the element's own stream. The vendor's client opens the devices a
 * second time, and needs a video element in the document for it. The user still sees the element's own preview.
 */
export class VendorPreview {
  readonly #context: PublisherContext;
  #video: HTMLVideoElement | null = null;

  constructor(context: PublisherContext) {
    this.#context = context;
  }

  async open(client: RtcUserClient, signal: AbortSignal): Promise<void> {
    const video = this.#place();
    const options = await this.#options(video.id);
    await client.run('preview', (user) => user.startPreview(options), signal);
  }

  close(): void {
    const media = this.#video?.srcObject;
    if (media instanceof MediaStream) for (const track of media.getTracks()) track.stop();
    this.#video?.remove();
    this.#video = null;
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

  async #options(elementId: string): Promise<PreviewOptions> {
    const { kind, video, audio, width, height, framerate } = this.#context.captureRequest();
    const devices = await navigator.mediaDevices.enumerateDevices();
    const indexOf = (deviceKind: MediaDeviceKind, id: string) =>
      Math.max(
        0,
        devices.filter((device) => device.kind === deviceKind).findIndex((device) => device.deviceId === id),
      );
    const source = kind === 'screen' ? 'screen' : 'camera';
    return {
      videoDeviceConfig: { device: indexOf('videoinput', video), source, width, height, framerate },
      audioDeviceConfig: { device: indexOf('audioinput', audio) },
      elementId,
    };
  }
}

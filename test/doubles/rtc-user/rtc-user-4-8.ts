import type {
  PreviewOptions,
  TranscodingTargets,
} from '@gatecast/webcaster/internal/publisher/nanostream/rtc-user';
import type { RtcUserV4 } from '@gatecast/webcaster/internal/publisher/nanostream/rtc-user-v4';
import { RtcUserBase, type VendorError } from './rtc-user-base.js';

/** The local media that the vendor's examples for 4.x use. */
const MEDIA_ID = 'local';

/**
 * A double of the vendor's Webcaster 4.8.
 *
 * - Seen in 4.8: the global variable, `nanowebrtc.user`.
 * - Documentation only (4.10): arguments are positional and start with a media id, there is no `signIn`, no `muteDevice`,
 *   and `transcodingTargets.output` is required.
 * - Documentation only (the vendor's page for 4.x): `startBroadcast` signs in with what `setConfig` was given; media needs
 *   `addLocalMedia`; errors and statuses are in `data.text`, errors of a preview in `data.error`.
 */
export class RtcUser48 extends RtcUserBase implements RtcUserV4 {
  targets: TranscodingTargets = {};
  #server: string | null = null;
  #token = '';
  #hasMedia = false;

  addLocalMedia(mediaId: string): void {
    this.record('addLocalMedia');
    this.#hasMedia = mediaId === MEDIA_ID;
  }

  setConfig(server: string, userName: string, room: string, token: string): void {
    this.record('setConfig', [server, userName, room], token);
    this.#server = userName && room ? server : null;
    this.#token = token;
  }

  setOptionalConfig(...config: unknown[]): void {
    this.record('setOptionalConfig', config);
  }

  getDevices(mediaId: string): void {
    this.record('getDevices', [mediaId]);
    if (mediaId === MEDIA_ID && this.#hasMedia) this.listDevices();
  }

  startPreview(
    mediaId: string,
    videoDeviceConfig: PreviewOptions['videoDeviceConfig'],
    audioDeviceConfig: PreviewOptions['audioDeviceConfig'],
    elementId: string,
  ): void {
    this.record('startPreview', [videoDeviceConfig, audioDeviceConfig, elementId]);
    if (mediaId === MEDIA_ID && this.#hasMedia) {
      this.openDevices({ videoDeviceConfig, audioDeviceConfig, elementId });
    } else this.later(() => this.fail('StartPreviewError', { code: 0, message: 'No local media' }));
  }

  stopPreview(mediaId: string): void {
    this.record('stopPreview', [mediaId]);
    this.closeDevices();
  }

  startBroadcast({ transcodingTargets }: { transcodingTargets: TranscodingTargets }): void {
    this.record('startBroadcast', [transcodingTargets], this.#token);
    this.targets = transcodingTargets;
    const server = this.#server;
    if (server === null || !transcodingTargets.output) {
      this.later(() => this.fail('StartBroadcastError', { code: 0, message: 'Invalid configuration' }));
      return;
    }
    const error = this.isSignedIn ? null : this.connect(server, this.#token);
    if (error) this.later(() => this.fail('StartBroadcastError', error));
    else this.broadcast(this.#token);
  }

  stopBroadcast(forceSignOut = false): void {
    this.record('stopBroadcast');
    this.endBroadcast();
    if (forceSignOut) this.isSignedIn = false;
  }

  muteAudio(mediaId: string, mute: boolean): void {
    this.record('muteAudio', [mediaId, mute]);
    this.muted['audio'] = mute;
  }

  muteVideo(mediaId: string, mute: boolean): void {
    this.record('muteVideo', [mediaId, mute]);
    this.muted['video'] = mute;
  }

  override fail(name: string, { code, message }: VendorError): void {
    const text = code === 0 ? message : `${message} (${String(code)})`;
    this.emit(name, { data: name === 'StartPreviewError' ? { error: text } : { text } });
  }

  override status(message: string): void {
    this.emit('BroadcastStatus', { data: { text: message } });
  }
}

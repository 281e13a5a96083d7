import type {
  BroadcastOptions,
  PreviewOptions,
  RtcUser,
  SignInOptions,
} from '@gatecast/webcaster/internal/publisher/nanostream/rtc-user';
import { RtcUserBase, type VendorError } from './rtc-user-base.js';

/**
 * A double of the vendor's Webcaster 5.1.2.
 *
 * - Seen in 5.1.2: `signIn` without `userName` or `room` fails with 1001.
 * - Seen in 5.1.2: `startPreview` fails with 1000 unless `getDevices` came first.
 * - Seen in 5.1.2: there is no `muteDevice`.
 * - Documentation only: no `setMediaStream` (since 5.11); `muteAudio` and `muteVideo` (5.0.6); the text of an error is in
 *   `error.text` and `data.text` too, and a status in `data.text` (removed after 5.11).
 */
export class RtcUser512 extends RtcUserBase implements RtcUser {
  signIn({ server, jwt, userName, room }: Partial<SignInOptions> & { server: string; jwt: string }): void {
    this.record('signIn', [server, userName, room], jwt);
    this.later(() => {
      const error: VendorError | null =
        userName && room ? this.connect(server, jwt) : { code: 1001, message: 'Type is not valid' };
      if (error) this.fail('SignInError', error);
      else this.emit('SignInSuccess', {});
    });
  }

  signOut(): void {
    this.record('signOut');
    this.endBroadcast();
    this.isSignedIn = false;
  }

  setConfig(...config: unknown[]): void {
    this.record('setConfig', config);
  }

  getDevices(): void {
    this.record('getDevices');
    this.listDevices();
  }

  startPreview(options: PreviewOptions): void {
    this.record('startPreview', [options]);
    if (this.hasDevices) this.openDevices(options);
    else this.later(() => this.fail('StartPreviewError', { code: 1000, message: 'General error' }));
  }

  stopPreview(): void {
    this.record('stopPreview');
    this.closeDevices();
  }

  startBroadcast({ jwt, transcodingTargets }: BroadcastOptions): void {
    this.record('startBroadcast', [transcodingTargets], jwt);
    this.broadcast(jwt);
  }

  stopBroadcast(): void {
    this.record('stopBroadcast');
    this.endBroadcast();
  }

  muteAudio(mute: boolean): void {
    this.record('muteAudio');
    this.muted['audio'] = mute;
  }

  muteVideo(mute: boolean): void {
    this.record('muteVideo');
    this.muted['video'] = mute;
  }

  override fail(name: string, { code, message }: VendorError): void {
    this.emit(name, { error: { code, message, text: message }, data: { text: message } });
  }

  override status(message: string): void {
    this.emit('BroadcastStatus', { data: { message, text: message } });
  }
}

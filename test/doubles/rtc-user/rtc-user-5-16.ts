import type {
  BroadcastOptions,
  MediaStreamOptions,
  PreviewOptions,
  RtcUser,
  SignInOptions,
} from '@gatecast/webcaster/internal/publisher/nanostream/rtc-user';
import { RtcUserBase, type VendorError } from './rtc-user-base.js';

const KINDS: readonly string[] = ['audioinput', 'videoinput'];

/**
 * A double of the vendor's Webcaster 5.16, whose build is not public. Documentation only (5.16), all of it:
 *
 * - `signIn` needs `server` and `jwt`; a second one fails with 4000, "Already signed in".
 * - `setMediaStream` takes an object. `startBroadcast` finds no media in anything else (6002).
 * - `muteDevice` has the kinds `videoinput` and `audioinput`; others fire `MuteDeviceError` with 1003.
 * - A status is in `event.data`, an error in `event.error`.
 */
export class RtcUser516 extends RtcUserBase implements RtcUser {
  mediaOptions: MediaStreamOptions | null = null;

  signIn({ server, jwt }: SignInOptions): void {
    this.record('signIn', [server], jwt);
    this.later(() => {
      const error = this.connect(server, jwt);
      if (error) this.fail('SignInError', error);
      else this.emit('SignInSuccess', { data: {} });
    });
  }

  signOut(): void {
    this.record('signOut');
    this.endBroadcast();
    this.isSignedIn = false;
    this.later(() => this.emit('SignOutSuccess'));
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
    this.openDevices(options);
  }

  stopPreview(): void {
    this.record('stopPreview');
    this.closeDevices();
  }

  setMediaStream(options: MediaStreamOptions): void {
    this.record('setMediaStream');
    this.mediaOptions = options;
    this.media = options.stream instanceof MediaStream ? options.stream : null;
  }

  startBroadcast({ jwt, transcodingTargets }: BroadcastOptions): void {
    this.record('startBroadcast', [transcodingTargets], jwt);
    this.broadcast(jwt);
  }

  stopBroadcast(): void {
    this.record('stopBroadcast');
    this.endBroadcast();
    this.later(() => this.emit('StopBroadcastSuccess'));
  }

  muteDevice({ kind, mute }: { kind: string; mute: boolean }): void {
    this.record('muteDevice', [kind, mute]);
    if (KINDS.includes(kind)) this.muted[kind] = mute;
    else this.later(() => this.fail('MuteDeviceError', { code: 1003, message: 'Invalid kind' }));
  }

  override fail(name: string, error: VendorError): void {
    this.emit(name, { error });
  }

  override status(message: string): void {
    this.emit('BroadcastStatus', { data: { message } });
  }
}

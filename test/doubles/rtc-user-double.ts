import { decodeJwt } from 'jose';
import type { RtcUser, RtcUserEvent } from '@gatecast/webcaster/internal/publisher/nanostream/rtc-user';

interface VendorError {
  readonly code: number;
  readonly message: string;
}

/**
 * A double of the vendor's Webcaster v5, for tests. Events, their order and error codes follow the vendor's
 * documentation. It sends no media.
 */
export class RtcUserDouble implements RtcUser {
  /** The newest instance, for tests that act as the server. */
  static last: RtcUserDouble | null = null;
  /** Number of tokens to refuse with 103003, regardless of their content. */
  static refusals = 0;

  /** Every call with its arguments. Of a token only the last six characters are kept. */
  readonly calls: string[] = [];
  readonly muted: Record<string, boolean> = {};
  media: MediaStream | null = null;
  isSignedIn = false;
  isOnAir = false;
  readonly #listeners = new Map<string, ((event: RtcUserEvent) => void)[]>();
  #stream: string | null = null;

  constructor() {
    RtcUserDouble.last = this;
  }

  on(name: string, listener: (event: RtcUserEvent) => void): void {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
  }

  signIn({ server, jwt }: { server: string; jwt: string }): void {
    this.#record('signIn', new URL(server).pathname, jwt);
    this.#later(() => {
      if (this.isSignedIn) {
        this.#error('SignInError', { code: 4000, message: 'Already signed in' });
        return;
      }
      const refusal = judge(jwt);
      if (refusal) {
        this.#error('SignInError', refusal);
        return;
      }
      this.isSignedIn = true;
      this.#stream = streamOf(jwt);
      this.emit('SignInSuccess', {});
    });
  }

  setMediaStream(media: MediaStream): void {
    this.media = media;
  }

  setConfig(): void {
    this.calls.push('setConfig');
  }

  startPreview({ elementId }: { elementId: string }): void {
    this.calls.push('startPreview');
    this.#later(() => {
      // The vendor's client finds its element in the document, but not in a shadow tree.
      const isThere = document.getElementById(elementId) !== null;
      this.emit(isThere ? 'StartPreviewSuccess' : 'StartPreviewError', {});
    });
  }

  startBroadcast({ jwt }: { jwt: string }): void {
    this.#record('startBroadcast', '', jwt);
    this.#later(() => {
      if (!this.isSignedIn) {
        this.#error('StartBroadcastError', { code: 4001, message: 'Not signed in' });
        return;
      }
      const refusal = judge(jwt, this.#stream);
      if (refusal) {
        this.#error('StartBroadcastError', refusal);
        return;
      }
      this.isOnAir = true;
      this.emit('StartBroadcastSuccess', {});
      for (const message of ['signalling', 'connected', 'broadcasting']) {
        this.emit('BroadcastStatus', { data: { message } });
      }
    });
  }

  stopBroadcast(): void {
    this.calls.push('stopBroadcast');
    this.isOnAir = false;
  }

  signOut(): void {
    this.calls.push('signOut');
    this.isOnAir = false;
    this.isSignedIn = false;
  }

  muteDevice({ kind, mute }: { kind: 'audio' | 'video'; mute: boolean }): void {
    this.muted[kind] = mute;
  }

  emit(name: string, event: RtcUserEvent): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(event);
  }

  #error(name: string, error: VendorError): void {
    this.emit(name, { error });
  }

  #record(name: string, detail: string, jwt: string): void {
    this.calls.push([name, detail, jwt.slice(-6)].filter(Boolean).join(' '));
  }

  #later(work: () => void): void {
    setTimeout(work, 10);
  }
}

function streamOf(jwt: string): string | null {
  const { sub, streamname } = decodeJwt<{ streamname?: string }>(jwt);
  return streamname ?? sub ?? null;
}

function judge(jwt: string, stream?: string | null): VendorError | null {
  const { exp = 0 } = decodeJwt(jwt);
  if (RtcUserDouble.refusals > 0 || exp * 1000 <= Date.now()) {
    RtcUserDouble.refusals = Math.max(0, RtcUserDouble.refusals - 1);
    return { code: 103003, message: 'JWT verification failed' };
  }
  if (stream && streamOf(jwt) !== stream) return { code: 103004, message: 'JWT is for another stream' };
  return null;
}

/** Defines the double as a global, like the vendor's script. */
export function installRtcUser(): () => void {
  Object.assign(globalThis, { RtcUser: RtcUserDouble });
  return () => {
    RtcUserDouble.refusals = 0;
    Reflect.deleteProperty(globalThis, 'RtcUser');
  };
}

/** An empty script that replaces the vendor's. */
export const EMPTY_SCRIPT = '/test/doubles/empty-script.js';

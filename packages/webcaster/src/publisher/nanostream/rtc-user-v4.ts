import type {
  BroadcastOptions,
  PreviewOptions,
  RtcUser,
  RtcUserBitrates,
  RtcUserEvent,
  SignInOptions,
  TranscodingTargets,
} from './rtc-user.js';

/** The name of the local media in the vendor's examples for 4.x. */
const MEDIA_ID = 'local';
/** The extension that Chrome before 72 needed to share a screen. Its name is a required argument. */
const SCREEN_EXTENSION = 'nanoScreenCapture';

/**
 * The vendor's client of version 4, which has positional arguments and no `signIn`: `startBroadcast` connects with what
 * `setConfig` was given. As documented for 4.10, and as the vendor's own page for 4.x calls it.
 */
export interface RtcUserV4 {
  on(name: string, listener: (event?: RtcUserEvent) => void): void;
  setConfig(server: string, userName: string, room: string, token: string): void;
  setOptionalConfig?(config: RtcUserBitrates): void;
  enableStats?(enable: boolean, interval: number): void;
  addLocalMedia?(mediaId: string, index: number, screenExtension: string, isRemote: boolean): void;
  getDevices?(mediaId: string): void;
  startPreview(
    mediaId: string,
    video: PreviewOptions['videoDeviceConfig'],
    audio: PreviewOptions['audioDeviceConfig'],
    elementId: string,
  ): void;
  stopPreview?(mediaId: string): void;
  startBroadcast(options: { transcodingTargets: TranscodingTargets }): void;
  stopBroadcast?(forceSignOut?: boolean): void;
  muteAudio?(mediaId: string, mute: boolean): void;
  muteVideo?(mediaId: string, mute: boolean): void;
}

export function isRtcUserV4(user: object): user is RtcUserV4 {
  return typeof Reflect.get(user, 'signIn') !== 'function';
}

/** Gives a client of version 4 the interface of version 5. What the build lacks, the result lacks too. */
export function adaptRtcUserV4(user: RtcUserV4): RtcUser {
  const signedIn: ((event?: RtcUserEvent) => void)[] = [];
  user.addLocalMedia?.(MEDIA_ID, 0, SCREEN_EXTENSION, false);
  return {
    on: (name, listener) => {
      if (name === 'SignInSuccess') signedIn.push(listener);
      else user.on(name, listener);
    },
    signIn: ({ server, userName, room, jwt }: SignInOptions) => {
      user.setConfig(server, userName, room, jwt);
      for (const listener of signedIn) listener();
    },
    startPreview: ({ videoDeviceConfig, audioDeviceConfig, elementId }: PreviewOptions) =>
      user.startPreview(MEDIA_ID, videoDeviceConfig, audioDeviceConfig, elementId),
    startBroadcast: ({ jwt, transcodingTargets }: BroadcastOptions) =>
      user.startBroadcast({ transcodingTargets: { ...targetsOf(jwt), ...transcodingTargets } }),
    ...(user.setOptionalConfig && { setConfig: (config) => user.setOptionalConfig?.(config) }),
    ...(user.enableStats && { enableStats: (enable, interval) => user.enableStats?.(enable, interval) }),
    ...(user.getDevices && { getDevices: () => user.getDevices?.(MEDIA_ID) }),
    ...(user.stopPreview && { stopPreview: () => user.stopPreview?.(MEDIA_ID) }),
    ...(user.stopBroadcast && {
      stopBroadcast: () => user.stopBroadcast?.(),
      signOut: () => user.stopBroadcast?.(true),
    }),
    ...(user.muteAudio && { muteAudio: (mute) => user.muteAudio?.(MEDIA_ID, mute) }),
    ...(user.muteVideo && { muteVideo: (mute) => user.muteVideo?.(MEDIA_ID, mute) }),
  };
}

/** Where a token of the vendor's service sends the broadcast. Version 4 does not read tokens itself. */
function targetsOf(jwt: string): TranscodingTargets {
  try {
    const [, payload = ''] = jwt.split('.');
    const bytes = Uint8Array.from(
      atob(payload.replace(/-/g, '+').replace(/_/g, '/')),
      (character) => character.codePointAt(0) ?? 0,
    );
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    return { ...stringOf('output', claims['ingesturl']), ...stringOf('streamname', claims['streamname']) };
  } catch {
    // Not a JWT. The vendor's client then says what it lacks, unless the page has set it.
    return {};
  }
}

function stringOf(name: keyof TranscodingTargets, value: unknown): TranscodingTargets {
  return typeof value === 'string' ? { [name]: value } : {};
}

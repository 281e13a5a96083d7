import '@gatecast/webcaster/define';
import { allowVendorScripts, type BroadcastState, type SecureWebcaster } from '@gatecast/webcaster';
import { GatecastError, systemClock } from '@gatecast/token';
import { expect } from 'chai';
import { EMPTY_SCRIPT } from '../../doubles/rtc-user-double.js';
import { backendOrigin } from '../../support/backend.js';
import { until } from '../../support/wait.js';

export { pause, until } from '../../support/wait.js';

export interface MountedWebcaster {
  readonly webcaster: SecureWebcaster;
  /** `state:reason` of every state event, and the types of all others. */
  readonly events: string[];
}

allowVendorScripts([EMPTY_SCRIPT]);

const WATCHED = [
  'secure-token-refreshed',
  'secure-token-failed',
  'secure-error',
  'secure-devices-changed',
] as const;

let count = 0;

/** A stream name that no other test uses, so that the lost session of one test cannot refuse the next. */
export function freshStream(): string {
  return `test-${Date.now().toString(36)}-${(count += 1)}`;
}

/** Mounts a webcaster for the demo's ingest. */
export function mountWebcaster(
  attributes: Record<string, string> = {},
  page: Document = document,
): MountedWebcaster {
  const webcaster = page.createElement('secure-webcaster');
  const stream = freshStream();
  const all: Record<string, string> = {
    stream,
    endpoint: `${backendOrigin()}/whip/{stream}`,
    'token-url': `${backendOrigin()}/api/tokens`,
    resolution: '640x360',
    'video-bitrate': '600',
    ...attributes,
  };
  for (const [name, value] of Object.entries(all)) webcaster.setAttribute(name, value);
  const events: string[] = [];
  webcaster.addEventListener('secure-broadcast-state', ({ state, reason }) =>
    events.push(`${state}:${reason}`),
  );
  for (const type of WATCHED) webcaster.addEventListener(type, () => events.push(type));
  webcaster.style.width = '480px';
  page.body.append(webcaster);
  return { webcaster, events };
}

/** Removes every webcaster and waits until its sessions are deleted; fails if a timer or listener remains. */
export async function unmountAll(): Promise<void> {
  for (const webcaster of document.querySelectorAll('secure-webcaster')) webcaster.remove();
  await until(() => systemClock.pending === 0, 'no timers and listeners');
}

export function untilState(webcaster: SecureWebcaster, state: BroadcastState): Promise<void> {
  return until(() => webcaster.state === state, `state ${state}`);
}

/** The error that a promise rejects with; fails when it does not. */
export async function rejection(promise: Promise<unknown>): Promise<GatecastError> {
  const outcome = await promise.then(
    () => 'resolved',
    (error: unknown) => error,
  );
  expect(outcome, 'the rejection').to.be.instanceOf(GatecastError);
  return outcome as GatecastError;
}

export function previewOf(webcaster: SecureWebcaster): HTMLVideoElement {
  const video = webcaster.renderRoot.querySelector('video');
  if (!video) throw new Error('There is no preview.');
  return video;
}

/** The preview's media; throws when nothing is shown. */
export function mediaOf(webcaster: SecureWebcaster): MediaStream {
  const media = previewOf(webcaster).srcObject;
  if (!(media instanceof MediaStream)) throw new Error('Nothing is shown.');
  return media;
}

/** Replaces functions of the browser until the returned function is called. */
export function overrideDevices(
  overrides: Partial<Pick<MediaDevices, 'getUserMedia' | 'getDisplayMedia'>>,
): () => void {
  for (const [name, value] of Object.entries(overrides)) {
    // Set on the instance, so that deleting it restores the method of the prototype.
    Object.defineProperty(navigator.mediaDevices, name, { configurable: true, value });
  }
  return () => {
    for (const name of Object.keys(overrides)) Reflect.deleteProperty(navigator.mediaDevices, name);
  };
}

/** The page's own media: a moving canvas and a tone. */
export function canvasMedia(): { media: MediaStream; stop: () => void } {
  const canvas = document.createElement('canvas');
  canvas.width = 320;
  canvas.height = 180;
  const context = canvas.getContext('2d');
  let frame = 0;
  const timer = setInterval(() => {
    if (!context) return;
    frame += 1;
    context.fillStyle = `hsl(${String(frame % 360)} 80% 50%)`;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }, 40);
  const audio = new AudioContext();
  const oscillator = audio.createOscillator();
  const output = audio.createMediaStreamDestination();
  oscillator.connect(output);
  oscillator.start();
  const media = new MediaStream([...canvas.captureStream(25).getTracks(), ...output.stream.getTracks()]);
  return {
    media,
    stop: () => {
      clearInterval(timer);
      for (const track of media.getTracks()) track.stop();
      void audio.close();
    },
  };
}

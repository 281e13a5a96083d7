import type { Clock, GatecastError } from '@gatecast/token';
import { originOf, readCaptureRequest, type CaptureRequest } from '../capture/capture-request.js';
import { reportOf, type CheckFinding, type CheckItem, type CheckReport } from '../preflight/check-report.js';
import { judgeCamera } from '../preflight/judge-camera.js';
import { judgeEncoder, readEncoder } from '../preflight/judge-encoder.js';
import { judgeMicrophone } from '../preflight/judge-microphone.js';
import { judgeToken } from '../preflight/judge-token.js';
import { measureUpload } from '../preflight/measure-upload.js';
import { reachIngest } from '../preflight/reach-ingest.js';
import type { Publisher } from '../publisher/publisher.js';
import { findingOf, runSteps, type CheckStep } from '../preflight/run-steps.js';
import { watchCamera } from '../preflight/watch-camera.js';
import { watchMicrophone } from '../preflight/watch-microphone.js';
import { requireKnownValues } from './check-options.js';
import type { BroadcastHost } from './broadcast-host.js';
import type { BroadcastSettings } from './broadcast-settings.js';
import type { BroadcastTokens } from './broadcast-tokens.js';
import type { CaptureControl } from './capture-control.js';

export interface CheckContext {
  readonly host: BroadcastHost;
  readonly clock: Clock;
  readonly capture: CaptureControl;
  readonly tokens: BroadcastTokens;
  /** @throws GatecastError `settings-invalid` */
  readonly settings: () => BroadcastSettings;
  /** Opens what a start opens. @throws GatecastError why it failed. */
  readonly openCapture: () => Promise<void>;
  /** Loads what a start needs. @throws GatecastError why it failed. */
  readonly loadPublisher: () => Promise<Pick<Publisher, 'errorOf'>>;
}

interface CheckRun extends CheckContext {
  readonly signal: AbortSignal;
  readonly onItem: (item: CheckItem) => void;
}

const DEVICE_LIMIT_MS = 10_000;
const REQUEST_LIMIT_MS = 10_000;
const UPLOAD_LIMIT_MS = 15_000;

/**
 * Checks what a broadcast needs, without a session on the ingest.
 *
 * @throws the signal's reason.
 */
export async function runCheck(run: CheckRun): Promise<CheckReport> {
  const { signal, clock, onItem } = run;
  const items: CheckItem[] = [];
  const note = (item: CheckItem): void => {
    items.push(item);
    onItem(item);
  };
  const steps = networkSteps(run, note);
  const network = runSteps(steps, { clock, signal, onItem: note });
  // Awaited below; a rejection before that is the signal's reason.
  network.catch(() => undefined);
  // No time limit: the user may have to answer a permission prompt.
  const obstacle = await run.openCapture().then(() => null, findingOf);
  signal.throwIfAborted();
  if (obstacle) note({ name: originName(run.host), ...obstacle });
  else await runSteps(deviceSteps(run), { clock, signal, onItem: note });
  await network;
  return reportOf(items);
}

/** The row that an error of the capture belongs to: both devices are requested together. */
function originName({ capture }: BroadcastHost): 'camera' | 'microphone' {
  return capture === 'audio' ? 'microphone' : 'camera';
}

function deviceSteps(run: CheckRun): CheckStep[] {
  const request = readCaptureRequest(run.host);
  const { clock, capture } = run;
  const lost = capture.lostError;
  return [
    {
      name: 'camera',
      limitMs: DEVICE_LIMIT_MS,
      run: (signal) => checkCamera(request, trackOf(run, 'video'), { clock, signal, lost, capture }),
    },
    {
      name: 'microphone',
      limitMs: DEVICE_LIMIT_MS,
      run: (signal) => checkMicrophone(request, trackOf(run, 'audio'), { clock, signal, lost, capture }),
    },
  ];
}

interface DeviceContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly lost: GatecastError | null;
  readonly capture: CaptureControl;
}

async function checkCamera(
  request: CaptureRequest,
  track: MediaStreamTrack | undefined,
  { lost, capture, ...watch }: DeviceContext,
): Promise<CheckFinding> {
  if (!track) return notUsed('video');
  if (capture.muted.video) return muted('The video is turned off: viewers will see black.');
  if (lost) throw lost;
  if (document.visibilityState === 'hidden') return pageHidden();
  const { width, height, framerate } = request;
  const isCamera = originOf(request, 'video') === 'camera';
  const page = { wasHidden: false };
  const onChange = (): void => {
    page.wasHidden ||= document.visibilityState === 'hidden';
  };
  document.addEventListener('visibilitychange', onChange);
  try {
    const finding = judgeCamera(await watchCamera(track, watch), { width, height, framerate, isCamera });
    // A browser shows no frames to a page that nobody sees.
    return page.wasHidden && finding.result !== 'passed' ? pageHidden() : finding;
  } finally {
    document.removeEventListener('visibilitychange', onChange);
  }
}

async function checkMicrophone(
  request: CaptureRequest,
  track: MediaStreamTrack | undefined,
  { lost, capture, ...watch }: DeviceContext,
): Promise<CheckFinding> {
  if (!track) return notUsed('sound');
  if (capture.muted.audio) return muted('The microphone is muted: viewers will hear nothing.');
  if (lost && originOf(request, 'video') === null) throw lost;
  const readings = await watchMicrophone(track, watch);
  if (readings) return judgeMicrophone(readings);
  return {
    result: 'skipped',
    code: 'microphone-unmeasured',
    message: 'The browser does not let this page measure sound yet.',
    hint: 'Start the check by a click.',
  };
}

/** The steps that need no device. */
function networkSteps(run: CheckRun, note: (item: CheckItem) => void): CheckStep[] {
  const { host, tokens, clock } = run;
  let settings: BroadcastSettings;
  try {
    requireKnownValues(host);
    settings = run.settings();
  } catch (error) {
    note({ name: 'ingest', ...findingOf(error) });
    return [];
  }
  const { endpoint, encoding } = settings.target;
  const request = readCaptureRequest(host);
  const hasVideo = originOf(request, 'video') !== null;
  return [
    {
      name: 'encoder',
      limitMs: REQUEST_LIMIT_MS,
      run: async () =>
        hasVideo ? judgeEncoder(await readEncoder({ ...request, encoding }, clock)) : notUsed('video'),
    },
    { name: 'token', limitMs: REQUEST_LIMIT_MS, run: (signal) => checkToken(tokens, signal) },
    { name: 'ingest', limitMs: REQUEST_LIMIT_MS, run: (signal) => checkIngest(run, endpoint, signal) },
    {
      name: 'upload',
      limitMs: UPLOAD_LIMIT_MS,
      run: (signal) => checkUpload(run, settings, hasVideo, signal),
    },
  ];
}

async function checkToken(tokens: BroadcastTokens, signal: AbortSignal): Promise<CheckFinding> {
  const reading = await tokens.read(signal);
  if (reading) return judgeToken(reading);
  return { result: 'skipped', code: 'token-none', message: 'This broadcast uses no token.' };
}

/** A start loads the code of the publisher, and a vendor's script, before it connects. */
async function checkIngest(
  { loadPublisher }: CheckRun,
  endpoint: string,
  signal: AbortSignal,
): Promise<CheckFinding> {
  const { errorOf } = await loadPublisher();
  return reachIngest(endpoint, { signal, errorOf });
}

async function checkUpload(
  { clock, tokens }: CheckRun,
  { uploadTestUrl, target }: BroadcastSettings,
  hasVideo: boolean,
  signal: AbortSignal,
): Promise<CheckFinding> {
  if (uploadTestUrl === null)
    return {
      result: 'skipped',
      code: 'upload-unmeasured',
      message: 'The upload rate was not measured.',
      hint: 'Set upload-test-url to an address of your server that accepts uploads.',
    };
  const { videoBitrateKbps, audioBitrateKbps } = target.encoding;
  tokens.hold();
  return measureUpload({
    url: uploadTestUrl,
    fetch: (url, init) =>
      tokens.isAllowedOrigin(url) ? tokens.fetch(url, init) : fetch(url, { ...init, credentials: 'omit' }),
    clock,
    signal,
    broadcastKbps: audioBitrateKbps + (hasVideo ? videoBitrateKbps : 0),
  });
}

function trackOf({ capture }: CheckRun, kind: 'audio' | 'video'): MediaStreamTrack | undefined {
  return capture.media?.getTracks().find((track) => track.kind === kind);
}

function notUsed(kind: string): CheckFinding {
  return { result: 'skipped', code: 'not-used', message: `This broadcast has no ${kind}.` };
}

function muted(message: string): CheckFinding {
  return { result: 'warning', code: 'muted', message, hint: 'Turn it on again, or call setMuted().' };
}

function pageHidden(): CheckFinding {
  return {
    result: 'skipped',
    code: 'page-hidden',
    message: 'The page was in the background, so the camera was not measured.',
    hint: 'Keep the page in view while the check runs.',
  };
}

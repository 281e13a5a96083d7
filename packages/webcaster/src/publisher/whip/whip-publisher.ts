import type { CaptureRequest } from '../../capture/capture-request.js';
import type { PictureWish } from '../ask-encoder.js';
import type { EncodingSettings } from '../broadcast-target.js';
import { chooseCodecs, type CodecChoice } from '../choose-codecs.js';
import { requireWebrtc } from '../publisher-errors.js';
import type { OpenRequest, Publisher, PublisherContext, PublisherSession } from '../publisher.js';
import { readCodecList, sendableCodecs } from '../video-codecs.js';
import { CodecFloor } from './codec-floor.js';
import { codecUnavailable } from './codec-preference.js';
import { ingestError } from './whip-errors.js';
import { openWhipSession } from './whip-session.js';

/** Publishes by WHIP (RFC 9725). Keeps between sessions only whether the ingest takes the codecs that are preferred. */
export function createWhipPublisher(context: PublisherContext): Publisher {
  const floor = new CodecFloor(context);
  return {
    open: (request) => open(context, floor, request),
    errorOf: ingestError,
    dispose: () => undefined,
  };
}

async function open(
  context: PublisherContext,
  codecFloor: CodecFloor,
  request: OpenRequest,
): Promise<PublisherSession> {
  requireWebrtc();
  const { endpoint, encoding } = context.target();
  const choice = await chooseFor(context, request, encoding);
  request.signal.throwIfAborted();
  return codecFloor.open(choice, `${encoding.codec} ${endpoint}`, (codecs) => {
    request.signal.throwIfAborted();
    return openWhipSession(context, request, codecs);
  });
}

async function chooseFor(
  { clock, captureRequest }: PublisherContext,
  { media }: OpenRequest,
  encoding: EncodingSettings,
): Promise<CodecChoice> {
  const [track] = media?.getVideoTracks() ?? [];
  if (!track) return { names: [], wanted: [], floor: null };
  const available = sendableCodecs();
  const picture = pictureOf(track, captureRequest(), encoding);
  const choice = await chooseCodecs({ codec: encoding.codec, picture, available }, { clock });
  // A browser that does not list its codecs offers what it has.
  if (choice.names.length > 0 || available.length === 0) return choice;
  const isAny = encoding.codec === 'auto' || encoding.codec === 'enhanced';
  throw codecUnavailable(isAny ? [] : readCodecList(encoding.codec));
}

/** What is sent now: a screen, or a phone that is held upright, has another size than what was asked for. */
function pictureOf(
  track: MediaStreamTrack,
  request: CaptureRequest,
  { framerate, videoBitrateKbps }: EncodingSettings,
): PictureWish {
  const { width = request.width, height = request.height } = track.getSettings();
  return { width, height, framerate, videoBitrateKbps };
}

/**
 * Makes the clip that the live origin loops: `node --import tsx demo/clip/make-clip.ts`.
 *
 * Needs ffmpeg with libx264 and librsvg, and the Inter typeface. The result is committed, so the demo runs without
 * them.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { drawFrame } from './clip-frame.js';
import { clipTiming, renditions, type Rendition } from './clip-timing.js';

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));

/** A quiet beep each second, at a higher pitch every ten seconds, so that long tests are not annoying. */
const beep = [
  'aevalsrc=exprs=',
  "'0.16*sin(2*PI*t*(660+330*lt(mod(t,10),1)))*min(1,mod(t,1)*120)*exp(-mod(t,1)*22)'",
  `:s=${clipTiming.audioSampleRateHz}:d=150`,
].join('');

async function ffmpeg(...parameters: string[]): Promise<void> {
  await run('nice', ['ffmpeg', '-v', 'error', '-y', ...parameters]);
}

/**
 * Makes one minute of AAC that loops without a gap. The encoder delays audio by one frame, and each frame overlaps the
 * previous one. So encode more than two minutes and keep the frames of the second minute.
 */
async function makeAudio(scratch: string): Promise<string> {
  const whole = join(scratch, 'whole.aac');
  await ffmpeg('-f', 'lavfi', '-i', beep, '-ac', '1', '-c:a', 'aac', '-b:a', '32k', '-f', 'adts', whole);
  const first = clipTiming.audioFrameCount + 1;
  const frames = splitAdts(await readFile(whole)).slice(first, first + clipTiming.audioFrameCount);
  if (frames.length !== clipTiming.audioFrameCount) throw new Error(`Only ${frames.length} audio frames.`);
  const path = join(scratch, 'minute.aac');
  await writeFile(path, Buffer.concat(frames));
  return path;
}

function splitAdts(stream: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at + 7 <= stream.length;) {
    // aac_frame_length: 13 bits from bit 30 of the header (ISO/IEC 13818-7, 6.2).
    const length = ((stream.readUInt8(at + 3) & 3) << 11) | (stream.readUInt16BE(at + 4) >> 5);
    frames.push(stream.subarray(at, at + length));
    at += length;
  }
  return frames;
}

async function makeVideo(scratch: string, rendition: Rendition): Promise<string> {
  const pattern = join(scratch, `${rendition.label}-%04d.svg`);
  for (let frame = 0; frame < clipTiming.frameCount; frame++) {
    await writeFile(pattern.replace('%04d', String(frame).padStart(4, '0')), drawFrame(rendition, frame));
  }
  const framesPerSegment = (clipTiming.frameRate * clipTiming.segmentMs) / 1000;
  const path = join(scratch, `${rendition.label}.mp4`);
  await ffmpeg(
    ...['-framerate', String(clipTiming.frameRate), '-i', pattern],
    ...['-c:v', 'libx264', '-preset', 'veryslow', '-profile:v', 'main', '-level:v', rendition.level],
    ...['-vf', 'scale=out_color_matrix=bt709:out_range=tv,format=yuv420p'],
    ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
    ...[
      '-crf',
      String(rendition.crf),
      '-maxrate',
      `${rendition.maxKbps}k`,
      '-bufsize',
      `${rendition.maxKbps}k`,
    ],
    // No B-frames, so that decode time equals presentation time and segments start exactly at their boundaries.
    ...['-bf', '0', '-g', String(framesPerSegment), '-keyint_min', String(framesPerSegment)],
    ...['-sc_threshold', '0', '-flags', '+cgop', '-threads', '1', path],
  );
  return path;
}

async function makeRendition(scratch: string, rendition: Rendition, audio: string): Promise<void> {
  const video = await makeVideo(scratch, rendition);
  const path = join(here, `${rendition.label}.mp4`);
  await ffmpeg(
    ...['-i', video, '-i', audio, '-map', '0:v', '-map', '1:a', '-c', 'copy', '-bsf:a', 'aac_adtstoasc'],
    ...['-movflags', '+frag_keyframe+empty_moov+delay_moov+default_base_moof', '-use_editlist', '0'],
    ...['-map_metadata', '-1', '-fflags', '+bitexact', path],
  );
  const { size } = await stat(path);
  console.log(`${rendition.label}.mp4: ${Math.round(size / 1000)} kB`);
}

const scratch = await mkdtemp(join(tmpdir(), 'gatecast-clip-'));
try {
  const audio = await makeAudio(scratch);
  for (const rendition of renditions) await makeRendition(scratch, rendition, audio);
} finally {
  await rm(scratch, { recursive: true, force: true });
}

import { drawFrame } from '../../clip/clip-frame.js';
import { clipTiming } from '../../clip/clip-timing.js';
import { type MediaResource, mediaTypes } from './media-source.js';

/** Seconds between two pictures of the storyboard. */
const STEP_S = 10;
const COLUMNS = 3;
const picture = { label: 'low', width: 160, height: 90 } as const;

/** Chapters of the recording, which lasts one minute. */
const chapters = ['Opening', 'Middle', 'Closing'];

/** Files beside the recording: its storyboard, one image with all pictures, and its chapters. */
export function findSideFile(resource: string): MediaResource | undefined {
  switch (resource) {
    case 'storyboard.vtt':
      return { contentType: mediaTypes.captions, body: writeStoryboard() };
    case 'storyboard.svg':
      return { contentType: mediaTypes.picture, body: drawStoryboard() };
    case 'chapters.vtt':
      return { contentType: mediaTypes.captions, body: writeChapters() };
    default:
      return undefined;
  }
}

const lengthS = (clipTiming.segmentCount * clipTiming.segmentMs) / 1000;

/** Left and top of each picture in the image. */
const places = Array.from({ length: lengthS / STEP_S }, (_, index) => ({
  x: (index % COLUMNS) * picture.width,
  y: Math.floor(index / COLUMNS) * picture.height,
}));

function writeStoryboard(): string {
  const { width, height } = picture;
  return writeCues(
    places.map(({ x, y }) => `storyboard.svg#xywh=${x},${y},${width},${height}`),
    STEP_S,
  );
}

function writeChapters(): string {
  return writeCues(chapters, lengthS / chapters.length);
}

function writeCues(texts: readonly string[], eachS: number): string {
  const cues = texts.map(
    (text, index) => `${time(index * eachS)} --> ${time((index + 1) * eachS)}\n${text}\n`,
  );
  return `WEBVTT\n\n${cues.join('\n')}`;
}

function time(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}.000`;
}

function drawStoryboard(): string {
  const width = COLUMNS * picture.width;
  const height = Math.ceil(places.length / COLUMNS) * picture.height;
  const pictures = places.map(({ x, y }, index) => {
    const rendition = { ...picture, level: '', crf: 0, maxKbps: 0 };
    const frame = (index * STEP_S + STEP_S / 2) * clipTiming.frameRate;
    return drawFrame(rendition, frame).replace('<svg ', `<svg x="${x}" y="${y}" `);
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${pictures.join('\n')}</svg>`;
}

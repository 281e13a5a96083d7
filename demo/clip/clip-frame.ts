import { clipTiming, type Rendition } from './clip-timing.js';

const centreX = 640;
const centreY = 348;
const radius = 214;
const sans = 'Inter Display, Inter, DejaVu Sans, sans-serif';
const digits = 'Inter, DejaVu Sans, sans-serif';

/** Draws a frame of the clip as SVG, 1280 × 720 scaled to the size of the rendition. `frame` counts from 0. */
export function drawFrame(rendition: Rendition, frame: number): string {
  const seconds = frame / clipTiming.frameRate;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${rendition.width}" height="${rendition.height}" viewBox="0 0 1280 720" preserveAspectRatio="none">
${backdrop}
${drawDial(seconds)}
${drawSegments(frame)}
${drawLabels(rendition, frame)}
</svg>`;
}

/** The dot pattern hides banding in the dark 8-bit gradient. */
const backdrop = `<defs>
<linearGradient id="night" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#0d1326"/><stop offset=".55" stop-color="#141a3a"/><stop offset="1" stop-color="#1d1436"/></linearGradient>
<radialGradient id="teal" cx=".18" cy=".1" r=".7"><stop offset="0" stop-color="#1f6f8b" stop-opacity=".5"/><stop offset="1" stop-color="#1f6f8b" stop-opacity="0"/></radialGradient>
<radialGradient id="plum" cx=".9" cy=".95" r=".65"><stop offset="0" stop-color="#7b3fa0" stop-opacity=".42"/><stop offset="1" stop-color="#7b3fa0" stop-opacity="0"/></radialGradient>
<linearGradient id="sweep" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#5ee7df"/><stop offset="1" stop-color="#b490f5"/></linearGradient>
<pattern id="dots" width="20" height="20" patternUnits="userSpaceOnUse"><circle cx="10" cy="10" r="1" fill="#fff" fill-opacity=".055"/></pattern>
</defs>
<rect width="1280" height="720" fill="url(#night)"/><rect width="1280" height="720" fill="url(#teal)"/><rect width="1280" height="720" fill="url(#plum)"/><rect width="1280" height="720" fill="url(#dots)"/>`;

function drawDial(seconds: number): string {
  const ticks = Array.from({ length: 60 }, (_, second) => {
    const isLong = second % 5 === 0;
    const [x1, y1] = onDial(second, radius + 18);
    const [x2, y2] = onDial(second, radius + (isLong ? 36 : 27));
    const isPast = second <= seconds;
    return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#fff" stroke-opacity="${isPast ? 0.85 : 0.25}" stroke-width="${isLong ? 4 : 2.5}" stroke-linecap="round"/>`;
  });
  const [startX, startY] = onDial(0, radius);
  const [headX, headY] = onDial(seconds, radius);
  // Brightest at the beep and gone after 250 ms, so that a viewer can check audio and video sync.
  const flash = Math.max(0, 1 - (seconds % 1) * 4);
  return `${ticks.join('')}
<circle cx="${centreX}" cy="${centreY}" r="${radius}" fill="#0a0f20" fill-opacity=".45" stroke="#fff" stroke-opacity=".12" stroke-width="10"/>
<path d="M${startX} ${startY} A${radius} ${radius} 0 ${seconds > 30 ? 1 : 0} 1 ${headX} ${headY}" fill="none" stroke="url(#sweep)" stroke-width="10" stroke-linecap="round"/>
<circle cx="${headX}" cy="${headY}" r="${12 + 5 * flash}" fill="#fff"/>`;
}

/** Draws one bar for each segment. The bar of the current segment fills while it plays. */
function drawSegments(frame: number): string {
  const framesEach = clipTiming.frameCount / clipTiming.segmentCount;
  const width = 1160 / clipTiming.segmentCount;
  return Array.from({ length: clipTiming.segmentCount }, (_, index) => {
    const filled = Math.min(1, Math.max(0, (frame - index * framesEach + 1) / framesEach));
    const x = 60 + index * width;
    const bar = (length: number, paint: string): string =>
      `<rect x="${x.toFixed(2)}" y="664" width="${length.toFixed(2)}" height="8" rx="4" ${paint}/>`;
    const progress = filled > 0 ? bar(Math.max(8, (width - 6) * filled), 'fill="url(#sweep)"') : '';
    return bar(width - 6, 'fill="#fff" fill-opacity=".14"') + progress;
  }).join('');
}

function drawLabels(rendition: Rendition, frame: number): string {
  const whole = pad(Math.floor(frame / clipTiming.frameRate));
  const picture = pad(frame % clipTiming.frameRate);
  const text = (x: number, y: number, size: number, content: string, extra = ''): string =>
    `<text x="${x}" y="${y}" font-family="${sans}" font-size="${size}" fill="#fff" ${extra}>${content}</text>`;
  const figure = `font-family="${digits}" text-anchor="middle" style="font-feature-settings:'tnum'"`;
  return `${text(60, 92, 40, 'Gatecast', 'font-weight="600"')}
${text(60, 128, 22, 'test picture', 'fill-opacity=".6"')}
${text(1220, 92, 40, rendition.label, 'font-weight="600" text-anchor="end"')}
${text(1220, 128, 22, `${rendition.width} × ${rendition.height}`, 'fill-opacity=".6" text-anchor="end"')}
<text x="${centreX}" y="${centreY + 62}" font-size="210" font-weight="500" fill="#fff" ${figure}>${whole}</text>
<text x="${centreX}" y="${centreY + 130}" font-size="44" fill="#fff" fill-opacity=".7" ${figure}>${picture}</text>
${text(60, 640, 22, 'second of the minute, segments of 2 s', 'fill-opacity=".6"')}
${text(1220, 640, 22, `frame ${String(frame).padStart(4, '0')}`, `fill-opacity=".6" text-anchor="end" style="font-feature-settings:'tnum'"`)}`;
}

function onDial(second: number, distance: number): [x: string, y: string] {
  const angle = (second / 60) * 2 * Math.PI;
  return [
    (centreX + distance * Math.sin(angle)).toFixed(2),
    (centreY - distance * Math.cos(angle)).toFixed(2),
  ];
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

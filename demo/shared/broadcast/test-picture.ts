import { encodeClock, stripBox } from './clock-strip.js';
import { resumeSound } from './resume-sound.js';

const width = 1280;
const height = 720;
const framesPerSecond = 30;
const toneHz = 440;

/** Generated video and audio, to test a broadcast without a camera. */
export interface TestPicture {
  readonly stream: MediaStream;
  stop(): void;
}

/** Creates an animated picture with the time of day, also as a strip that `measureDelay` reads, and a quiet tone. The tone may need a click or key on the page. */
export function createTestPicture(): TestPicture {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d');
  if (!context) throw new TypeError('This browser draws no canvas.');
  const draw = (): void => drawPicture(context, new Date());
  draw();
  const timer = setInterval(draw, 1000 / framesPerSecond);

  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const gain = audio.createGain();
  const output = audio.createMediaStreamDestination();
  tone.frequency.value = toneHz;
  gain.gain.value = 0.05;
  tone.connect(gain).connect(output);
  tone.start();
  const stopResuming = resumeSound(audio, document);

  const stream = new MediaStream([
    ...canvas.captureStream(framesPerSecond).getTracks(),
    ...output.stream.getTracks(),
  ]);
  return {
    stream,
    stop() {
      clearInterval(timer);
      stopResuming();
      for (const track of stream.getTracks()) track.stop();
      void audio.close();
    },
  };
}

function drawPicture(context: CanvasRenderingContext2D, now: Date): void {
  const turn = (now.getTime() % 8_000) / 8_000;
  const ground = context.createLinearGradient(0, 0, width, height);
  ground.addColorStop(0, `hsl(${210 + turn * 60} 55% 22%)`);
  ground.addColorStop(1, `hsl(${280 - turn * 60} 45% 14%)`);
  context.fillStyle = ground;
  context.fillRect(0, 0, width, height);

  context.strokeStyle = 'hsl(225 90% 78%)';
  context.lineWidth = 10;
  context.lineCap = 'round';
  context.beginPath();
  const second = (now.getTime() % 1_000) / 1_000;
  context.arc(width / 2, height / 2, 285, -Math.PI / 2, -Math.PI / 2 + second * 2 * Math.PI);
  context.stroke();

  context.fillStyle = '#fff';
  context.textAlign = 'center';
  context.font = '600 84px system-ui, sans-serif';
  const [clock = ''] = now.toTimeString().split(' ');
  const hundredths = String(Math.floor(now.getMilliseconds() / 10)).padStart(2, '0');
  context.fillText(`${clock}.${hundredths}`, width / 2, height / 2 + 30);
  context.font = '500 30px system-ui, sans-serif';
  context.fillText('Gatecast test picture', width / 2, height / 2 + 96);
  drawClockStrip(context, now.getTime());
}

function drawClockStrip(context: CanvasRenderingContext2D, timeMs: number): void {
  const cells = encodeClock(timeMs);
  const cell = (stripBox.width * width) / cells.length;
  for (const [index, isLight] of cells.entries()) {
    context.fillStyle = isLight ? '#fff' : '#000';
    context.fillRect(
      stripBox.left * width + index * cell,
      stripBox.top * height,
      cell,
      stripBox.height * height,
    );
  }
}

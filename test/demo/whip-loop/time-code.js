/** Bits of the time code: 24 of milliseconds and a 4-bit checksum that detects a misread block. */
const VALUE_BITS = 24;
const SUM_BITS = 4;
const BITS = VALUE_BITS + SUM_BITS;
const COLUMNS = 7;
const ROWS = BITS / COLUMNS;

function checkSum(value) {
  let sum = 0;
  for (let rest = value; rest > 0; rest = Math.floor(rest / 16)) sum += rest % 16;
  return sum % 16;
}

/** Draws a time as black and white blocks that survive scaling and coding. */
export function drawTimeCode(context, timeMs) {
  const { width, height } = context.canvas;
  const value = Math.floor(timeMs) % 2 ** VALUE_BITS;
  const code = value * 2 ** SUM_BITS + checkSum(value);
  for (let bit = 0; bit < BITS; bit += 1) {
    context.fillStyle = Math.floor(code / 2 ** bit) % 2 === 1 ? '#fff' : '#000';
    context.fillRect(
      ((bit % COLUMNS) * width) / COLUMNS,
      (Math.floor(bit / COLUMNS) * height) / ROWS,
      width / COLUMNS,
      height / ROWS,
    );
  }
}

/** Reads a drawn time, in milliseconds; `undefined` when the picture has none. */
export function readTimeCode(context) {
  const { width, height } = context.canvas;
  let code = 0;
  for (let bit = BITS - 1; bit >= 0; bit -= 1) {
    const x = Math.floor(((bit % COLUMNS) + 0.5) * (width / COLUMNS));
    const y = Math.floor((Math.floor(bit / COLUMNS) + 0.5) * (height / ROWS));
    const [luma] = context.getImageData(x, y, 1, 1).data;
    code = code * 2 + (luma > 127 ? 1 : 0);
  }
  const value = Math.floor(code / 2 ** SUM_BITS);
  return value > 0 && checkSum(value) === code % 2 ** SUM_BITS ? value : undefined;
}

import type { CheckFinding } from './check-report.js';

/** The level of some milliseconds of sound, on a scale on which 1 is full. */
export interface LevelReading {
  readonly peak: number;
  /** Root mean square. */
  readonly rms: number;
}

/** From here on the wave is cut off at the top. */
const CLIPPED_PEAK = 0.99;
/** One click on the table is not a level that is too high. */
const CLIPPED_READINGS = 3;
/** Speech at a usual distance is at -30 to -15 dBFS, a quiet room at -60. */
const LOW_DB = -45;
const FLOOR_DB = -100;

/** Decibels relative to full scale, at least -100. */
export function decibels(amplitude: number): number {
  return amplitude <= 0 ? FLOOR_DB : Math.max(FLOOR_DB, 20 * Math.log10(amplitude));
}

/** Was speech heard at a good level? Then a measurement may end early. */
export function isGoodLevel(readings: readonly LevelReading[]): boolean {
  return readings.filter(({ rms }) => decibels(rms) >= LOW_DB + 10).length >= 5;
}

/** Judges the sound of a microphone. */
export function judgeMicrophone(readings: readonly LevelReading[]): CheckFinding {
  const peak = Math.max(0, ...readings.map((each) => each.peak));
  const loud = Math.max(0, ...readings.map((each) => each.rms));
  const value = { peakDb: Math.round(decibels(peak)), levelDb: Math.round(decibels(loud)) };
  if (peak === 0)
    return {
      result: 'failed',
      code: 'microphone-silent',
      message: 'The microphone is open, but gives no sound at all.',
      hint: 'Check its own switch and the system’s input settings, or choose another one.',
      value,
    };
  if (readings.filter((each) => each.peak >= CLIPPED_PEAK).length >= CLIPPED_READINGS)
    return {
      result: 'warning',
      code: 'microphone-clipping',
      message: 'The microphone is too loud: its sound is cut off.',
      hint: 'Lower its level in the system’s input settings, or move it away.',
      value,
    };
  if (value.levelDb < LOW_DB)
    return {
      result: 'warning',
      code: 'microphone-low',
      message: 'The microphone is very quiet.',
      hint: 'Speak while the check runs. If you did, raise its level in the system’s input settings, or move closer.',
      value,
    };
  return { result: 'passed', code: 'microphone-ok', message: 'The microphone has a good level.', value };
}

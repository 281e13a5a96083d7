import { addTranslation, getResolvedLanguage, setLanguage } from 'media-chrome/utils/i18n';
import type { PlayerMessages } from '../../messages/message-tables.js';

type Dictionary = Parameters<typeof addTranslation>[1];

/** Which of our texts stands for which of media-chrome's. */
const KEYS = {
  'video player': 'player',
  Play: 'play',
  play: 'play',
  Pause: 'pause',
  pause: 'pause',
  Mute: 'mute',
  mute: 'mute',
  Unmute: 'unmute',
  unmute: 'unmute',
  volume: 'volume',
  seek: 'seek',
  '{currentTime} of {totalTime}': 'position',
  'video not loaded, unknown time.': 'positionUnknown',
  live: 'live',
  'seek to live': 'goLive',
  'playing live': 'playingLive',
  Captions: 'captions',
  'closed captions': 'captions',
  'Enable captions': 'captions',
  'Disable captions': 'captions',
  Off: 'captionsOff',
  Settings: 'settings',
  settings: 'settings',
  Quality: 'quality',
  quality: 'quality',
  Auto: 'qualityAuto',
  'Playback rate': 'speed',
  'Start airplay': 'startAirPlay',
  'start airplay': 'startAirPlay',
  'Stop airplay': 'stopAirPlay',
  'stop airplay': 'stopAirPlay',
  'Start casting': 'startCast',
  'start casting': 'startCast',
  'Stop casting': 'stopCast',
  'stop casting': 'stopCast',
  'Enter picture in picture mode': 'enterPictureInPicture',
  'enter picture in picture mode': 'enterPictureInPicture',
  'Exit picture in picture mode': 'exitPictureInPicture',
  'exit picture in picture mode': 'exitPictureInPicture',
  'Enter fullscreen mode': 'enterFullscreen',
  'enter fullscreen mode': 'enterFullscreen',
  'Exit fullscreen mode': 'exitFullscreen',
  'exit fullscreen mode': 'exitFullscreen',
  'media loading': 'loading',
  hour: 'hour',
  hours: 'hours',
  minute: 'minute',
  minutes: 'minutes',
  second: 'second',
  seconds: 'seconds',
} as const satisfies Partial<Record<keyof Dictionary, keyof PlayerMessages>>;

/**
 * Gives media-chrome our texts, under a private form of the language that leaves the page's own alone.
 *
 * @returns the language tag that a controller is to have.
 */
export function tellMediaChrome(language: string, messages: PlayerMessages): string {
  const dictionary = Object.fromEntries(Object.entries(KEYS).map(([key, name]) => [key, messages[name]]));
  const tag = `${language}-x-gatecast`;
  addTranslation(tag, dictionary);
  return tag;
}

/**
 * Runs what has media-chrome say something, in a language. media-chrome knows one for the whole page: after this it is
 * again what it was, so that two players may differ and the page's own controls keep theirs.
 */
export function inLanguage<Result>(tag: string, run: () => Result): Result {
  const before = getResolvedLanguage();
  setLanguage(tag);
  try {
    return run();
  } finally {
    setLanguage(before);
  }
}

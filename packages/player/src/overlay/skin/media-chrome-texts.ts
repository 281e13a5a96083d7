import { addTranslation, getResolvedLanguage, setLanguage } from 'media-chrome/utils/i18n';
import type { PlayerMessages } from '../../messages/message-tables.js';

type Dictionary = Parameters<typeof addTranslation>[1];

/** The key of our text for each text of media-chrome. */
const KEYS = {
  'video player': 'player',
  'audio player': 'audioPlayer',
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
  'playback time': 'time',
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
} as const satisfies Partial<Record<keyof Dictionary, keyof PlayerMessages>>;

/**
 * Adds our texts to media-chrome under a private language tag, so that the texts of the page itself do not change.
 *
 * @returns the language tag to set on the controller.
 */
export function addMediaChromeTexts(language: string, messages: PlayerMessages): string {
  const dictionary = Object.fromEntries(Object.entries(KEYS).map(([key, name]) => [key, messages[name]]));
  const tag = `${language}-x-gatecast`;
  addTranslation(tag, dictionary);
  return tag;
}

/**
 * Calls a function while media-chrome uses a language. media-chrome has one language for the whole page; it is restored
 * afterwards, so that two players can have different languages and the page's own controls keep theirs.
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

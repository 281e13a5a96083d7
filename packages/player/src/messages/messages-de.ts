import type { PlayerMessages } from './message-tables.js';

export const messagesDe: PlayerMessages = {
  player: 'Videoplayer',
  play: 'Wiedergeben',
  pause: 'Anhalten',
  mute: 'Ton aus',
  unmute: 'Ton an',
  volume: 'Lautstärke',
  seek: 'Position',
  time: 'Wiedergabezeit',
  position: '{currentTime} von {totalTime}',
  positionUnknown: 'Noch ist nichts geladen',
  live: 'Live',
  goLive: 'Zur Live-Position',
  playingLive: 'Live',
  behindLive: '{time} hinter der Live-Position',
  captions: 'Untertitel',
  captionsOff: 'Aus',
  settings: 'Einstellungen',
  quality: 'Qualität',
  qualityAuto: 'Automatisch',
  speed: 'Geschwindigkeit',
  back: 'Zurück',
  startAirPlay: 'Mit AirPlay wiedergeben',
  stopAirPlay: 'AirPlay beenden',
  startCast: 'Auf anderem Bildschirm wiedergeben',
  stopCast: 'Auf diesem Bildschirm wiedergeben',
  enterPictureInPicture: 'Bild im Bild',
  exitPictureInPicture: 'Bild im Bild beenden',
  enterFullscreen: 'Vollbild',
  exitFullscreen: 'Vollbild beenden',
  loading: 'Wird geladen',
  streamAwaited: 'Der Stream hat noch nicht begonnen. Er läuft hier, sobald er beginnt.',
  tryAgain: 'Erneut versuchen',
  details: 'Details',
  hour: 'Stunde',
  hours: 'Stunden',
  minute: 'Minute',
  minutes: 'Minuten',
  second: 'Sekunde',
  seconds: 'Sekunden',
  unknownError: 'Der Stream lässt sich nicht abspielen. Versuchen Sie es gleich noch einmal.',
  'error-source-missing': 'Noch ist nichts abzuspielen.',
  'error-source-not-found': 'Dieser Stream ist nicht auf Sendung. Versuchen Sie es später noch einmal.',
  'error-source-unreachable':
    'Der Stream ist nicht erreichbar. Prüfen Sie Ihre Netzverbindung und versuchen Sie es erneut.',
  'error-source-failed':
    'Der Server dieses Streams meldet einen Fehler. Versuchen Sie es gleich noch einmal.',
  'error-playback-stalled':
    'Der Stream ist stehen geblieben. Prüfen Sie Ihre Netzverbindung und versuchen Sie es erneut.',
  'error-codec-unsupported':
    'Dieser Browser unterstützt das Videoformat des Streams nicht. Versuchen Sie einen anderen Browser.',
  'error-engine-unsupported':
    'Dieser Browser kann den Stream nicht abspielen. Versuchen Sie einen aktuellen Chrome, Edge, Firefox oder Safari.',
  'error-engine-load-failed':
    'Ein Teil dieser Seite konnte nicht geladen werden. Prüfen Sie Ihre Netzverbindung und laden Sie die Seite neu.',
  'error-vendor-script-failed':
    'Ein Teil dieser Seite konnte nicht geladen werden. Prüfen Sie Ihre Netzverbindung und laden Sie die Seite neu.',
  'error-option-invalid':
    'Diese Seite ist nicht für diesen Stream eingerichtet. Wenden Sie sich an den Betreiber der Seite.',
  'error-vendor-script-not-allowed':
    'Diese Seite ist nicht für diesen Stream eingerichtet. Wenden Sie sich an den Betreiber der Seite.',
  'error-token-source-missing':
    'Diese Seite ist nicht für diesen Stream eingerichtet. Wenden Sie sich an den Betreiber der Seite.',
  'error-token-refused':
    'Sie dürfen diesen Stream nicht sehen. Melden Sie sich neu an und versuchen Sie es erneut.',
  'error-token-rejected':
    'Der Server akzeptiert Ihre Berechtigung für diesen Stream nicht. Melden Sie sich neu an und versuchen Sie es erneut.',
  'error-token-expired':
    'Ihre Berechtigung für diesen Stream ist abgelaufen. Melden Sie sich neu an und versuchen Sie es erneut.',
  'error-token-endpoint-unreachable':
    'Ihre Berechtigung konnte nicht abgerufen werden. Prüfen Sie Ihre Netzverbindung und versuchen Sie es erneut.',
  'error-token-endpoint-timeout': 'Ihre Berechtigung kam nicht rechtzeitig an. Versuchen Sie es erneut.',
  'error-token-endpoint-failed':
    'Ihre Berechtigung konnte nicht abgerufen werden. Versuchen Sie es gleich noch einmal.',
};

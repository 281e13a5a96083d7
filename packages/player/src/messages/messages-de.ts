import type { PlayerMessages } from './message-tables.js';

export const messagesDe: PlayerMessages = {
  player: 'Videoplayer',
  audioPlayer: 'Audioplayer',
  play: 'Wiedergabe starten',
  pause: 'Wiedergabe anhalten',
  mute: 'Ton ausschalten',
  unmute: 'Ton einschalten',
  volume: 'Lautstärke',
  seek: 'Position',
  time: 'Wiedergabezeit',
  position: '{currentTime} von {totalTime}',
  positionUnknown: 'Noch nichts geladen',
  live: 'Live',
  goLive: 'Zur Live-Position',
  playingLive: 'Live-Wiedergabe',
  behindLive: '{time} hinter der Live-Position',
  captions: 'Untertitel',
  captionsOff: 'Aus',
  captionStyle: 'Aussehen der Untertitel',
  captionSize: 'Schriftgröße',
  captionColor: 'Schriftfarbe',
  captionBackground: 'Hintergrundfarbe',
  captionOpacity: 'Deckkraft',
  captionEdge: 'Kontur',
  captionDefault: 'Standard',
  captionReset: 'Zurücksetzen',
  close: 'Schließen',
  colorWhite: 'Weiß',
  colorBlack: 'Schwarz',
  colorRed: 'Rot',
  colorGreen: 'Grün',
  colorBlue: 'Blau',
  colorYellow: 'Gelb',
  colorMagenta: 'Magenta',
  colorCyan: 'Cyan',
  edgeNone: 'Ohne',
  edgeRaised: 'Erhaben',
  edgeDepressed: 'Vertieft',
  edgeOutline: 'Umriss',
  edgeShadow: 'Schlagschatten',
  settings: 'Einstellungen',
  quality: 'Qualität',
  qualityAuto: 'Automatisch',
  chapters: 'Kapitel',
  speed: 'Geschwindigkeit',
  speaker: 'Lautsprecher',
  speakerDefault: 'Standard',
  speakerOther: 'Anderes Gerät …',
  back: 'Zurück',
  startAirPlay: 'Mit AirPlay wiedergeben',
  stopAirPlay: 'AirPlay beenden',
  startCast: 'Auf anderem Bildschirm wiedergeben',
  stopCast: 'Auf diesem Bildschirm wiedergeben',
  enterPictureInPicture: 'Bild-im-Bild',
  exitPictureInPicture: 'Bild-im-Bild beenden',
  enterFullscreen: 'Vollbild',
  exitFullscreen: 'Vollbild beenden',
  loading: 'Wird geladen',
  streamAwaited: 'Der Stream hat noch nicht begonnen. Die Wiedergabe startet, sobald er beginnt.',
  tryAgain: 'Erneut versuchen',
  details: 'Details',
  unknownError: 'Der Stream kann nicht wiedergegeben werden. Versuchen Sie es in Kürze erneut.',
  'error-source-missing': 'Noch kein Stream für die Wiedergabe vorhanden.',
  'error-source-not-found': 'Dieser Stream wird zurzeit nicht übertragen. Versuchen Sie es später erneut.',
  'error-source-unreachable':
    'Der Stream ist nicht erreichbar. Prüfen Sie Ihre Netzwerkverbindung und versuchen Sie es erneut.',
  'error-source-failed': 'Der Server dieses Streams meldet einen Fehler. Versuchen Sie es in Kürze erneut.',
  'error-playback-stalled':
    'Die Wiedergabe wurde unterbrochen. Prüfen Sie Ihre Netzwerkverbindung und versuchen Sie es erneut.',
  'error-codec-unsupported':
    'Dieser Browser unterstützt das Videoformat des Streams nicht. Verwenden Sie einen anderen Browser.',
  'error-engine-unsupported':
    'Dieser Browser kann den Stream nicht wiedergeben. Verwenden Sie einen aktuellen Chrome, Edge, Firefox oder Safari.',
  'error-engine-load-failed':
    'Ein Teil dieser Seite konnte nicht geladen werden. Prüfen Sie Ihre Netzwerkverbindung und laden Sie die Seite neu.',
  'error-vendor-script-failed':
    'Ein Teil dieser Seite konnte nicht geladen werden. Prüfen Sie Ihre Netzwerkverbindung und laden Sie die Seite neu.',
  'error-option-invalid':
    'Diese Seite ist nicht für die Wiedergabe des Streams eingerichtet. Wenden Sie sich an den Betreiber der Seite.',
  'error-vendor-script-not-allowed':
    'Diese Seite ist nicht für die Wiedergabe des Streams eingerichtet. Wenden Sie sich an den Betreiber der Seite.',
  'error-token-source-missing':
    'Diese Seite ist nicht für die Wiedergabe des Streams eingerichtet. Wenden Sie sich an den Betreiber der Seite.',
  'error-revoked': 'Ihr Zugriff auf diesen Stream wurde beendet.',
  'error-concurrent-limit':
    'Mit Ihrem Konto läuft die Wiedergabe bereits auf so vielen Geräten wie erlaubt. Beenden Sie sie auf einem anderen Gerät und versuchen Sie es erneut.',
  'error-moved':
    'Dieser Stream läuft jetzt an einer anderen Stelle. Versuchen Sie es erneut, um ihn hier anzusehen.',
  'error-token-refused':
    'Sie dürfen diesen Stream nicht ansehen. Melden Sie sich neu an und versuchen Sie es erneut.',
  'error-token-rejected':
    'Ihr Zugriff auf diesen Stream wurde abgelehnt. Melden Sie sich neu an und versuchen Sie es erneut.',
  'error-token-expired':
    'Ihr Zugriff auf diesen Stream ist abgelaufen. Melden Sie sich neu an und versuchen Sie es erneut.',
  'error-token-endpoint-unreachable':
    'Ihr Zugriff auf diesen Stream konnte nicht überprüft werden. Prüfen Sie Ihre Netzwerkverbindung und versuchen Sie es erneut.',
  'error-token-endpoint-timeout':
    'Ihr Zugriff auf diesen Stream konnte nicht rechtzeitig überprüft werden. Versuchen Sie es erneut.',
  'error-token-endpoint-failed':
    'Ihr Zugriff auf diesen Stream konnte nicht überprüft werden. Versuchen Sie es in Kürze erneut.',
};

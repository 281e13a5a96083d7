import type { WebcasterMessages } from './message-tables.js';

export const messagesDe: WebcasterMessages = {
  controls: 'Steuerung der Übertragung',
  startCamera: 'Kamera einschalten',
  startMicrophone: 'Mikrofon einschalten',
  startScreen: 'Bildschirm teilen',
  startPreview: 'Vorschau starten',
  goLive: 'Live gehen',
  connecting: 'Verbinde …',
  reconnecting: 'Verbinde neu …',
  cancel: 'Abbrechen',
  end: 'Beenden',
  endLabel: 'Übertragung beenden',
  turnOff: 'Kamera und Mikrofon ausschalten',
  muteAudio: 'Mikrofon stummschalten',
  unmuteAudio: 'Mikrofon einschalten',
  muteVideo: 'Video ausschalten',
  unmuteVideo: 'Video einschalten',
  shareScreen: 'Bildschirm teilen',
  stopSharing: 'Bildschirm nicht mehr teilen',
  devices: 'Kamera und Mikrofon',
  camera: 'Kamera',
  microphone: 'Mikrofon',
  off: 'Aus',
  standard: 'Standard',
  cameraNumber: 'Kamera {number}',
  microphoneNumber: 'Mikrofon {number}',
  slate: 'Das Bild ist gleich wieder da.',
  level: 'Mikrofonpegel',
  details: 'Verbindungsdetails',
  tryAgain: 'Erneut versuchen',
  close: 'Schließen',
  stateIdle: 'Offline',
  statePreview: 'Vorschau',
  stateConnecting: 'Verbinde',
  stateLive: 'Live',
  stateReconnecting: 'Verbinde neu',
  stateFailed: 'Offline',
  stateStopped: 'Beendet',
  announceLive: 'Sie sind live.',
  announceReconnecting: 'Verbindung verloren. Sie wird neu aufgebaut.',
  announceStopped: 'Die Übertragung ist beendet.',
  liveFor: 'Live seit {time}',
  qualityGood: 'Gute Verbindung',
  qualityFair: 'Mäßige Verbindung',
  qualityPoor: 'Schlechte Verbindung',
  sending: 'Gesendet',
  picture: 'Video',
  pictureValue: '{width} × {height}, {fps} fps',
  reaction: 'Umlaufzeit',
  reactionValue: '{milliseconds} ms',
  loss: 'Paketverlust',
  lossNone: 'Keiner',
  format: 'Codec',
  limit: 'Begrenzt durch',
  limitCpu: 'Dieses Gerät (CPU)',
  limitBandwidth: 'Das Netz',
  limitOther: 'Den Browser',
  unknownError: 'Etwas ist schiefgegangen. Versuchen Sie es gleich noch einmal.',
  'error-permission-denied':
    'Der Browser darf Kamera, Mikrofon oder Bildschirm nicht verwenden. Erlauben Sie es beim Symbol neben der Adresse und versuchen Sie es erneut.',
  'error-device-not-found':
    'Kamera oder Mikrofon wurde nicht gefunden. Schließen Sie das Gerät an oder wählen Sie ein anderes.',
  'error-device-in-use':
    'Ein anderes Programm verwendet Kamera oder Mikrofon. Beenden Sie es und versuchen Sie es erneut.',
  'error-device-lost':
    'Kamera oder Mikrofon gibt kein Signal. Prüfen Sie Kabel und Schalter, oder wählen Sie ein anderes Gerät.',
  'error-device-failed':
    'Kamera oder Mikrofon antwortet nicht. Stecken Sie das Gerät neu ein und versuchen Sie es erneut.',
  'error-capture-unsupported':
    'Dieser Browser kann das nicht. Verwenden Sie ein anderes Gerät oder einen aktuellen Browser.',
  'error-insecure-page': 'Kameras funktionieren nur auf sicheren Seiten. Öffnen Sie diese Seite mit https.',
  'error-webrtc-unsupported':
    'Dieser Browser kann nicht übertragen. Verwenden Sie einen aktuellen Chrome, Edge, Firefox oder Safari.',
  'error-codec-unavailable':
    'Dieser Browser unterstützt den nötigen Videocodec nicht. Verwenden Sie einen anderen.',
  'error-ingest-not-found':
    'Der Server kennt diesen Stream nicht. Wenden Sie sich an die Betreiber der Seite.',
  'error-ingest-refused':
    'Der Server nimmt diese Übertragung nicht an. Vielleicht hilft ein anderer Browser.',
  'error-ingest-conflict':
    'Eine andere Übertragung verwendet diesen Stream bereits. Beenden Sie jene und versuchen Sie es erneut.',
  'error-ingest-unreachable':
    'Der Server ist nicht erreichbar. Prüfen Sie Ihr Netz und versuchen Sie es erneut.',
  'error-ingest-failed': 'Der Server hat ein Problem. Versuchen Sie es gleich noch einmal.',
  'error-connection-lost':
    'Die Verbindung ging verloren und ließ sich nicht wiederherstellen. Prüfen Sie Ihr Netz und versuchen Sie es erneut.',
  'error-media-stopped':
    'Kamera und Mikrofon senden nichts mehr. Trennen Sie beide, schließen Sie sie wieder an und versuchen Sie es erneut.',
  'error-token-refused':
    'Sie dürfen hier nicht übertragen. Melden Sie sich neu an und versuchen Sie es erneut.',
  'error-token-rejected':
    'Der Server nimmt Ihre Sendeerlaubnis nicht an. Melden Sie sich neu an und versuchen Sie es erneut.',
  'error-token-endpoint-unreachable':
    'Ihre Sendeerlaubnis ließ sich nicht holen. Prüfen Sie Ihr Netz und versuchen Sie es erneut.',
  'error-token-endpoint-timeout': 'Ihre Sendeerlaubnis kam nicht rechtzeitig. Versuchen Sie es erneut.',
  'error-token-endpoint-failed':
    'Ihre Sendeerlaubnis ließ sich nicht holen. Versuchen Sie es gleich noch einmal.',
  'error-vendor-script-failed':
    'Ein Teil dieser Seite ließ sich nicht laden. Prüfen Sie Ihr Netz und laden Sie die Seite neu.',
  'error-publisher-load-failed':
    'Ein Teil dieser Seite ließ sich nicht laden. Prüfen Sie Ihr Netz und laden Sie die Seite neu.',
  'error-settings-invalid':
    'Diese Seite ist nicht für Übertragungen eingerichtet. Wenden Sie sich an die Betreiber der Seite.',
  'error-vendor-script-not-allowed':
    'Diese Seite ist nicht für Übertragungen eingerichtet. Wenden Sie sich an die Betreiber der Seite.',
};

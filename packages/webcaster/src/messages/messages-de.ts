import type { WebcasterMessages } from './message-tables.js';

export const messagesDe: WebcasterMessages = {
  controls: 'Steuerung der Übertragung',
  startCamera: 'Kamera einschalten',
  startMicrophone: 'Mikrofon einschalten',
  startScreen: 'Bildschirm teilen',
  startPreview: 'Vorschau starten',
  goLive: 'Live gehen',
  connecting: 'Wird verbunden …',
  reconnecting: 'Wird neu verbunden …',
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
  slate: 'Das Video wird in Kürze fortgesetzt.',
  layout: 'Anordnung',
  layoutPictureInPicture: 'Kamera über dem Bildschirm',
  layoutSideBySide: 'Nebeneinander',
  layoutCamera: 'Nur die Kamera',
  layoutScreen: 'Nur der Bildschirm',
  insetPosition: 'Position der Kamera',
  topLeft: 'Oben links',
  topRight: 'Oben rechts',
  bottomLeft: 'Unten links',
  bottomRight: 'Unten rechts',
  startRecording: 'Aufnahme starten',
  stopRecording: 'Aufnahme beenden und speichern',
  saveRecording: 'Aufnahme speichern',
  recording: 'Aufnahme',
  level: 'Mikrofonpegel',
  details: 'Verbindungsdetails',
  tryAgain: 'Erneut versuchen',
  close: 'Schließen',
  stateIdle: 'Offline',
  statePreview: 'Vorschau',
  stateConnecting: 'Wird verbunden',
  stateLive: 'Live',
  stateReconnecting: 'Wird neu verbunden',
  stateFailed: 'Offline',
  stateStopped: 'Beendet',
  announceLive: 'Sie sind live.',
  announceReconnecting: 'Verbindung unterbrochen. Sie wird wiederhergestellt.',
  announceStopped: 'Die Übertragung wurde beendet.',
  liveFor: 'Live seit {time}',
  qualityGood: 'Gute Verbindung',
  qualityFair: 'Mäßige Verbindung',
  qualityPoor: 'Schlechte Verbindung',
  sending: 'Gesendet',
  picture: 'Video',
  pictureValue: '{width} × {height}, {fps} fps',
  reaction: 'Paketumlaufzeit',
  reactionValue: '{milliseconds} ms',
  loss: 'Paketverlust',
  lossNone: 'Keiner',
  format: 'Codec',
  limit: 'Begrenzt durch',
  limitCpu: 'Dieses Gerät (CPU)',
  limitBandwidth: 'Das Netzwerk',
  limitOther: 'Den Browser',
  unknownError: 'Es ist ein Fehler aufgetreten. Versuchen Sie es in Kürze erneut.',
  'error-permission-denied':
    'Der Zugriff auf Kamera, Mikrofon oder Bildschirm ist blockiert. Erlauben Sie ihn über das Symbol neben der Adresse und versuchen Sie es erneut.',
  'error-device-not-found':
    'Kamera oder Mikrofon wurde nicht gefunden. Schließen Sie das Gerät an oder wählen Sie ein anderes.',
  'error-device-in-use':
    'Ein anderes Programm verwendet Kamera oder Mikrofon. Schließen Sie dieses Programm und versuchen Sie es erneut.',
  'error-device-lost':
    'Kamera oder Mikrofon sendet kein Signal. Prüfen Sie Kabel und Schalter oder wählen Sie ein anderes Gerät.',
  'error-device-failed':
    'Kamera oder Mikrofon reagiert nicht. Trennen Sie das Gerät, schließen Sie es wieder an und versuchen Sie es erneut.',
  'error-capture-unsupported':
    'Dieser Browser kann diese Quelle nicht aufnehmen. Verwenden Sie ein anderes Gerät oder einen aktuellen Browser.',
  'error-insecure-page': 'Kameras funktionieren nur auf sicheren Seiten. Öffnen Sie diese Seite mit https.',
  'error-webrtc-unsupported':
    'Dieser Browser kann nicht übertragen. Verwenden Sie einen aktuellen Chrome, Edge, Firefox oder Safari.',
  'error-codec-unavailable':
    'Dieser Browser unterstützt den erforderlichen Videocodec nicht. Verwenden Sie einen anderen Browser.',
  'error-ingest-not-found':
    'Der Server kennt diesen Stream nicht. Wenden Sie sich an den Betreiber der Seite.',
  'error-ingest-refused': 'Der Server akzeptiert diese Übertragung nicht. Ein anderer Browser kann helfen.',
  'error-ingest-conflict':
    'Eine andere Übertragung verwendet diesen Stream bereits. Beenden Sie die andere Übertragung und versuchen Sie es erneut.',
  'error-ingest-unreachable':
    'Der Server ist nicht erreichbar. Prüfen Sie Ihre Netzwerkverbindung und versuchen Sie es erneut.',
  'error-ingest-failed': 'Der Server meldet einen Fehler. Versuchen Sie es in Kürze erneut.',
  'error-connection-lost':
    'Die Verbindung wurde unterbrochen und konnte nicht wiederhergestellt werden. Prüfen Sie Ihre Netzwerkverbindung und versuchen Sie es erneut.',
  'error-off-air':
    'Der Server empfängt die Übertragung nicht, obwohl die Verbindung in Ordnung scheint. Beenden Sie die Übertragung und starten Sie sie neu.',
  'error-media-stopped':
    'Kamera und Mikrofon senden kein Audio oder Video mehr. Trennen Sie beide Geräte, schließen Sie sie wieder an und versuchen Sie es erneut.',
  'error-revoked': 'Ihre Berechtigung für die Übertragung wurde beendet.',
  'error-concurrent-limit':
    'Mit Ihrem Konto wird bereits von so vielen Geräten übertragen wie erlaubt. Beenden Sie eine Übertragung und versuchen Sie es erneut.',
  'error-moved':
    'Diese Übertragung läuft jetzt an einer anderen Stelle. Versuchen Sie es erneut, um von hier zu übertragen.',
  'error-token-refused':
    'Sie haben keine Berechtigung für Übertragungen. Melden Sie sich neu an und versuchen Sie es erneut.',
  'error-token-rejected':
    'Der Server hat Ihre Berechtigung für Übertragungen abgelehnt. Melden Sie sich neu an und versuchen Sie es erneut.',
  'error-token-endpoint-unreachable':
    'Ihre Berechtigung für Übertragungen konnte nicht überprüft werden. Prüfen Sie Ihre Netzwerkverbindung und versuchen Sie es erneut.',
  'error-token-endpoint-timeout':
    'Ihre Berechtigung für Übertragungen konnte nicht rechtzeitig überprüft werden. Versuchen Sie es erneut.',
  'error-token-endpoint-failed':
    'Ihre Berechtigung für Übertragungen konnte nicht überprüft werden. Versuchen Sie es in Kürze erneut.',
  'error-vendor-script-failed':
    'Ein Teil dieser Seite konnte nicht geladen werden. Prüfen Sie Ihre Netzwerkverbindung und laden Sie die Seite neu.',
  'error-publisher-load-failed':
    'Ein Teil dieser Seite konnte nicht geladen werden. Prüfen Sie Ihre Netzwerkverbindung und laden Sie die Seite neu.',
  'error-settings-invalid':
    'Diese Seite ist nicht für Übertragungen eingerichtet. Wenden Sie sich an den Betreiber der Seite.',
  'error-vendor-script-not-allowed':
    'Diese Seite ist nicht für Übertragungen eingerichtet. Wenden Sie sich an den Betreiber der Seite.',
};

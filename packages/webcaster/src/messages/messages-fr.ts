import type { WebcasterMessages } from './message-tables.js';

export const messagesFr: WebcasterMessages = {
  controls: 'Commandes de diffusion',
  startCamera: 'Activer la caméra',
  startMicrophone: 'Activer le micro',
  startScreen: 'Partager un écran',
  startPreview: 'Démarrer l’aperçu',
  goLive: 'Passer en direct',
  connecting: 'Connexion…',
  reconnecting: 'Reconnexion…',
  cancel: 'Annuler',
  end: 'Terminer',
  endLabel: 'Terminer la diffusion',
  turnOff: 'Désactiver la caméra et le micro',
  muteAudio: 'Couper le micro',
  unmuteAudio: 'Rétablir le micro',
  muteVideo: 'Désactiver la vidéo',
  unmuteVideo: 'Activer la vidéo',
  shareScreen: 'Partager l’écran',
  stopSharing: 'Arrêter le partage d’écran',
  devices: 'Caméra et micro',
  camera: 'Caméra',
  microphone: 'Micro',
  off: 'Désactivé',
  standard: 'Par défaut',
  cameraNumber: 'Caméra {number}',
  microphoneNumber: 'Micro {number}',
  slate: 'La vidéo reprendra dans un instant.',
  layout: 'Disposition',
  layoutPictureInPicture: 'Caméra sur l’écran',
  layoutSideBySide: 'Côte à côte',
  layoutCamera: 'Caméra seule',
  layoutScreen: 'Écran seul',
  insetPosition: 'Position de la caméra',
  topLeft: 'En haut à gauche',
  topRight: 'En haut à droite',
  bottomLeft: 'En bas à gauche',
  bottomRight: 'En bas à droite',
  startRecording: 'Démarrer l’enregistrement',
  stopRecording: 'Arrêter et enregistrer le fichier',
  saveRecording: 'Enregistrer le fichier',
  recording: 'Enregistrement',
  level: 'Niveau du micro',
  details: 'Détails de la connexion',
  tryAgain: 'Réessayer',
  close: 'Fermer',
  stateIdle: 'Hors ligne',
  statePreview: 'Aperçu',
  stateConnecting: 'Connexion',
  stateLive: 'En direct',
  stateReconnecting: 'Reconnexion',
  stateFailed: 'Hors ligne',
  stateStopped: 'Terminé',
  announceLive: 'Vous êtes en direct.',
  announceReconnecting: 'Connexion perdue. Reconnexion en cours.',
  announceStopped: 'La diffusion est terminée.',
  liveFor: 'En direct depuis {time}',
  qualityGood: 'Bonne connexion',
  qualityFair: 'Connexion moyenne',
  qualityPoor: 'Mauvaise connexion',
  sending: 'Envoi',
  picture: 'Vidéo',
  pictureValue: '{width} × {height}, {fps} i/s',
  reaction: 'Temps d’aller-retour',
  reactionValue: '{milliseconds} ms',
  loss: 'Perte de paquets',
  lossNone: 'Aucune',
  format: 'Codec',
  limit: 'Limité par',
  limitCpu: 'Cet appareil (processeur)',
  limitBandwidth: 'Le réseau',
  limitOther: 'Le navigateur',
  unknownError: 'Une erreur s’est produite. Réessayez dans un instant.',
  'error-permission-denied':
    'L’accès à la caméra, au micro ou à l’écran est bloqué. Autorisez-le avec l’icône à côté de l’adresse, puis réessayez.',
  'error-device-not-found':
    'La caméra ou le micro est introuvable. Branchez l’appareil ou choisissez-en un autre.',
  'error-device-in-use':
    'Un autre programme utilise la caméra ou le micro. Fermez ce programme, puis réessayez.',
  'error-device-lost':
    'La caméra ou le micro n’envoie aucun signal. Vérifiez le câble et l’interrupteur, ou choisissez un autre appareil.',
  'error-device-failed':
    'La caméra ou le micro ne répond pas. Débranchez l’appareil, rebranchez-le, puis réessayez.',
  'error-capture-unsupported':
    'Ce navigateur ne peut pas capturer cette source. Utilisez un autre appareil ou un navigateur récent.',
  'error-insecure-page':
    'Les caméras ne fonctionnent que sur des pages sécurisées. Ouvrez cette page en https.',
  'error-webrtc-unsupported':
    'Ce navigateur ne peut pas diffuser. Utilisez une version récente de Chrome, Edge, Firefox ou Safari.',
  'error-codec-unavailable':
    'Ce navigateur ne prend pas en charge le codec vidéo requis. Utilisez un autre navigateur.',
  'error-ingest-not-found': 'Le serveur ne connaît pas cette diffusion. Contactez le responsable de la page.',
  'error-ingest-refused':
    'Le serveur n’accepte pas cette diffusion. Un autre navigateur peut résoudre le problème.',
  'error-ingest-conflict':
    'Une autre diffusion est déjà en cours sous ce nom. Terminez cette autre diffusion, puis réessayez.',
  'error-ingest-unreachable': 'Le serveur est inaccessible. Vérifiez votre connexion réseau, puis réessayez.',
  'error-ingest-failed': 'Le serveur signale une erreur. Réessayez dans un instant.',
  'error-connection-lost':
    'La connexion a été perdue et n’a pas pu être rétablie. Vérifiez votre connexion réseau, puis réessayez.',
  'error-off-air':
    'Le serveur ne reçoit pas la diffusion, bien que la connexion semble intacte. Terminez la diffusion, puis relancez-la.',
  'error-media-stopped':
    'La caméra et le micro n’envoient plus ni son ni image. Débranchez-les, rebranchez-les, puis réessayez.',
  'error-revoked': 'Votre autorisation de diffuser a pris fin.',
  'error-concurrent-limit':
    'Votre compte diffuse déjà depuis le nombre maximal d’appareils. Arrêtez l’une des diffusions, puis réessayez.',
  'error-moved': 'Cette diffusion se fait maintenant ailleurs. Réessayez pour diffuser d’ici.',
  'error-token-refused': 'Vous n’êtes pas autorisé à diffuser. Reconnectez-vous, puis réessayez.',
  'error-token-rejected':
    'Le serveur a refusé votre autorisation de diffuser. Reconnectez-vous, puis réessayez.',
  'error-token-endpoint-unreachable':
    'Votre autorisation de diffuser n’a pas pu être vérifiée. Vérifiez votre connexion réseau, puis réessayez.',
  'error-token-endpoint-timeout':
    'Votre autorisation de diffuser n’a pas pu être vérifiée à temps. Réessayez.',
  'error-token-endpoint-failed':
    'Votre autorisation de diffuser n’a pas pu être vérifiée. Réessayez dans un instant.',
  'error-vendor-script-failed':
    'Une partie de cette page n’a pas pu être chargée. Vérifiez votre connexion réseau, puis rechargez la page.',
  'error-publisher-load-failed':
    'Une partie de cette page n’a pas pu être chargée. Vérifiez votre connexion réseau, puis rechargez la page.',
  'error-settings-invalid':
    'Cette page n’est pas configurée pour diffuser. Contactez le responsable de la page.',
  'error-vendor-script-not-allowed':
    'Cette page n’est pas configurée pour diffuser. Contactez le responsable de la page.',
};

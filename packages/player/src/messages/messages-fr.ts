import type { PlayerMessages } from './message-tables.js';

export const messagesFr: PlayerMessages = {
  player: 'Lecteur vidéo',
  audioPlayer: 'Lecteur audio',
  play: 'Lire',
  pause: 'Pause',
  mute: 'Couper le son',
  unmute: 'Rétablir le son',
  volume: 'Volume',
  seek: 'Position',
  time: 'Temps de lecture',
  position: '{currentTime} sur {totalTime}',
  positionUnknown: 'Aucun contenu chargé',
  live: 'En direct',
  goLive: 'Revenir au direct',
  playingLive: 'Lecture en direct',
  behindLive: '{time} de retard sur le direct',
  captions: 'Sous-titres',
  captionsOff: 'Désactivés',
  settings: 'Paramètres',
  quality: 'Qualité',
  qualityAuto: 'Automatique',
  speed: 'Vitesse',
  back: 'Retour',
  startAirPlay: 'Lire avec AirPlay',
  stopAirPlay: 'Arrêter AirPlay',
  startCast: 'Lire sur un autre écran',
  stopCast: 'Lire sur cet écran',
  enterPictureInPicture: 'Image dans l’image',
  exitPictureInPicture: 'Quitter l’image dans l’image',
  enterFullscreen: 'Plein écran',
  exitFullscreen: 'Quitter le plein écran',
  loading: 'Chargement',
  streamAwaited: 'La diffusion n’a pas encore commencé. La lecture démarrera dès qu’elle commencera.',
  tryAgain: 'Réessayer',
  details: 'Détails',
  unknownError: 'La lecture de la diffusion est impossible. Réessayez dans un instant.',
  'error-source-missing': 'Il n’y a encore rien à lire.',
  'error-source-not-found': 'Cette diffusion n’est pas en cours. Réessayez plus tard.',
  'error-source-unreachable':
    'La diffusion est inaccessible. Vérifiez votre connexion réseau, puis réessayez.',
  'error-source-failed': 'Le serveur de cette diffusion signale une erreur. Réessayez dans un instant.',
  'error-playback-stalled': 'La lecture s’est interrompue. Vérifiez votre connexion réseau, puis réessayez.',
  'error-codec-unsupported':
    'Ce navigateur ne prend pas en charge le format vidéo de cette diffusion. Utilisez un autre navigateur.',
  'error-engine-unsupported':
    'Ce navigateur ne peut pas lire cette diffusion. Utilisez une version récente de Chrome, Edge, Firefox ou Safari.',
  'error-engine-load-failed':
    'Une partie de cette page n’a pas pu être chargée. Vérifiez votre connexion réseau, puis rechargez la page.',
  'error-vendor-script-failed':
    'Une partie de cette page n’a pas pu être chargée. Vérifiez votre connexion réseau, puis rechargez la page.',
  'error-option-invalid':
    'Cette page n’est pas configurée pour lire la diffusion. Contactez le responsable de la page.',
  'error-vendor-script-not-allowed':
    'Cette page n’est pas configurée pour lire la diffusion. Contactez le responsable de la page.',
  'error-token-source-missing':
    'Cette page n’est pas configurée pour lire la diffusion. Contactez le responsable de la page.',
  'error-token-refused':
    'Vous n’êtes pas autorisé à regarder cette diffusion. Reconnectez-vous, puis réessayez.',
  'error-token-rejected': 'Votre accès à cette diffusion a été refusé. Reconnectez-vous, puis réessayez.',
  'error-token-expired': 'Votre accès à cette diffusion a expiré. Reconnectez-vous, puis réessayez.',
  'error-token-endpoint-unreachable':
    'Votre accès à cette diffusion n’a pas pu être vérifié. Vérifiez votre connexion réseau, puis réessayez.',
  'error-token-endpoint-timeout': 'Votre accès à cette diffusion n’a pas pu être vérifié à temps. Réessayez.',
  'error-token-endpoint-failed':
    'Votre accès à cette diffusion n’a pas pu être vérifié. Réessayez dans un instant.',
};

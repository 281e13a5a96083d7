import type { PlayerMessages } from './message-tables.js';

export const messagesEs: PlayerMessages = {
  player: 'Reproductor de vídeo',
  audioPlayer: 'Reproductor de audio',
  play: 'Reproducir',
  pause: 'Pausar',
  mute: 'Silenciar',
  unmute: 'Activar sonido',
  volume: 'Volumen',
  seek: 'Posición',
  time: 'Tiempo de reproducción',
  position: '{currentTime} de {totalTime}',
  positionUnknown: 'Todavía no se ha cargado nada',
  live: 'En directo',
  goLive: 'Ir al directo',
  playingLive: 'Reproducción en directo',
  behindLive: '{time} por detrás del directo',
  captions: 'Subtítulos',
  captionsOff: 'Desactivados',
  captionStyle: 'Estilo de los subtítulos',
  captionSize: 'Tamaño del texto',
  captionColor: 'Color del texto',
  captionBackground: 'Color del fondo',
  captionOpacity: 'Opacidad del fondo',
  captionEdge: 'Borde',
  captionDefault: 'Predeterminado',
  captionReset: 'Restablecer',
  close: 'Cerrar',
  colorWhite: 'Blanco',
  colorBlack: 'Negro',
  colorRed: 'Rojo',
  colorGreen: 'Verde',
  colorBlue: 'Azul',
  colorYellow: 'Amarillo',
  colorMagenta: 'Magenta',
  colorCyan: 'Cian',
  edgeNone: 'Ninguno',
  edgeRaised: 'En relieve',
  edgeDepressed: 'Hundido',
  edgeOutline: 'Contorno',
  edgeShadow: 'Sombra paralela',
  settings: 'Configuración',
  quality: 'Calidad',
  qualityAuto: 'Automática',
  chapters: 'Capítulos',
  speed: 'Velocidad',
  speaker: 'Altavoz',
  speakerDefault: 'Predeterminado',
  speakerOther: 'Otro dispositivo…',
  back: 'Atrás',
  startAirPlay: 'Reproducir con AirPlay',
  stopAirPlay: 'Detener AirPlay',
  startCast: 'Reproducir en otra pantalla',
  stopCast: 'Reproducir en esta pantalla',
  enterPictureInPicture: 'Imagen en imagen',
  exitPictureInPicture: 'Salir de imagen en imagen',
  enterFullscreen: 'Pantalla completa',
  exitFullscreen: 'Salir de pantalla completa',
  loading: 'Cargando',
  streamAwaited: 'La emisión todavía no ha empezado. Se reproducirá aquí en cuanto empiece.',
  tryAgain: 'Reintentar',
  details: 'Detalles',
  unknownError: 'No se puede reproducir la emisión. Inténtelo de nuevo en unos momentos.',
  'error-source-missing': 'Todavía no hay nada que reproducir.',
  'error-source-not-found': 'Esta emisión no está en el aire. Inténtelo más tarde.',
  'error-source-unreachable':
    'No se puede acceder a la emisión. Compruebe su conexión de red e inténtelo de nuevo.',
  'error-source-failed':
    'El servidor de esta emisión comunica un error. Inténtelo de nuevo en unos momentos.',
  'error-playback-stalled':
    'La reproducción se ha detenido. Compruebe su conexión de red e inténtelo de nuevo.',
  'error-codec-unsupported':
    'Este navegador no admite el formato de vídeo de esta emisión. Utilice otro navegador.',
  'error-engine-unsupported':
    'Este navegador no puede reproducir esta emisión. Utilice una versión actual de Chrome, Edge, Firefox o Safari.',
  'error-engine-load-failed':
    'No se ha podido cargar una parte de esta página. Compruebe su conexión de red y vuelva a cargar la página.',
  'error-vendor-script-failed':
    'No se ha podido cargar una parte de esta página. Compruebe su conexión de red y vuelva a cargar la página.',
  'error-option-invalid':
    'Esta página no está configurada para reproducir la emisión. Póngase en contacto con el responsable de la página.',
  'error-vendor-script-not-allowed':
    'Esta página no está configurada para reproducir la emisión. Póngase en contacto con el responsable de la página.',
  'error-token-source-missing':
    'Esta página no está configurada para reproducir la emisión. Póngase en contacto con el responsable de la página.',
  'error-revoked': 'Su acceso a esta emisión ha terminado.',
  'error-concurrent-limit':
    'Su cuenta ya reproduce en el número máximo de dispositivos. Detenga la reproducción en otro e inténtelo de nuevo.',
  'error-moved': 'Esta emisión se reproduce ahora en otro lugar. Inténtelo de nuevo para verla aquí.',
  'error-token-refused':
    'No tiene permiso para ver esta emisión. Vuelva a iniciar sesión e inténtelo de nuevo.',
  'error-token-rejected':
    'Se ha rechazado su acceso a esta emisión. Vuelva a iniciar sesión e inténtelo de nuevo.',
  'error-token-expired':
    'Su acceso a esta emisión ha caducado. Vuelva a iniciar sesión e inténtelo de nuevo.',
  'error-token-endpoint-unreachable':
    'No se ha podido comprobar su acceso a esta emisión. Compruebe su conexión de red e inténtelo de nuevo.',
  'error-token-endpoint-timeout':
    'No se ha podido comprobar a tiempo su acceso a esta emisión. Inténtelo de nuevo.',
  'error-token-endpoint-failed':
    'No se ha podido comprobar su acceso a esta emisión. Inténtelo de nuevo en unos momentos.',
};

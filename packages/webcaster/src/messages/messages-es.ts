import type { WebcasterMessages } from './message-tables.js';

export const messagesEs: WebcasterMessages = {
  controls: 'Controles de emisión',
  startCamera: 'Activar la cámara',
  startMicrophone: 'Activar el micrófono',
  startScreen: 'Compartir una pantalla',
  startPreview: 'Iniciar la vista previa',
  goLive: 'Emitir en directo',
  connecting: 'Conectando…',
  reconnecting: 'Reconectando…',
  cancel: 'Cancelar',
  end: 'Finalizar',
  endLabel: 'Finalizar la emisión',
  turnOff: 'Desactivar la cámara y el micrófono',
  muteAudio: 'Silenciar el micrófono',
  unmuteAudio: 'Activar el micrófono',
  muteVideo: 'Desactivar el vídeo',
  unmuteVideo: 'Activar el vídeo',
  shareScreen: 'Compartir la pantalla',
  stopSharing: 'Dejar de compartir la pantalla',
  devices: 'Cámara y micrófono',
  camera: 'Cámara',
  microphone: 'Micrófono',
  off: 'Desactivado',
  standard: 'Predeterminado',
  cameraNumber: 'Cámara {number}',
  microphoneNumber: 'Micrófono {number}',
  slate: 'El vídeo se reanudará en breve.',
  layout: 'Disposición',
  layoutPictureInPicture: 'Cámara sobre la pantalla',
  layoutSideBySide: 'Lado a lado',
  layoutCamera: 'Solo la cámara',
  layoutScreen: 'Solo la pantalla',
  insetPosition: 'Posición de la cámara',
  topLeft: 'Arriba a la izquierda',
  topRight: 'Arriba a la derecha',
  bottomLeft: 'Abajo a la izquierda',
  bottomRight: 'Abajo a la derecha',
  startRecording: 'Iniciar grabación',
  stopRecording: 'Detener y guardar la grabación',
  saveRecording: 'Guardar grabación',
  recording: 'Grabando',
  level: 'Nivel del micrófono',
  details: 'Detalles de la conexión',
  tryAgain: 'Reintentar',
  close: 'Cerrar',
  stateIdle: 'Sin emisión',
  statePreview: 'Vista previa',
  stateConnecting: 'Conectando',
  stateLive: 'En directo',
  stateReconnecting: 'Reconectando',
  stateFailed: 'Sin emisión',
  stateStopped: 'Finalizada',
  announceLive: 'Está en directo.',
  announceReconnecting: 'Se ha perdido la conexión. Reconectando.',
  announceStopped: 'La emisión ha finalizado.',
  liveFor: 'En directo desde hace {time}',
  qualityGood: 'Conexión buena',
  qualityFair: 'Conexión regular',
  qualityPoor: 'Conexión mala',
  sending: 'Envío',
  picture: 'Vídeo',
  pictureValue: '{width} × {height}, {fps} fps',
  reaction: 'Tiempo de ida y vuelta',
  reactionValue: '{milliseconds} ms',
  loss: 'Pérdida de paquetes',
  lossNone: 'Ninguna',
  format: 'Códec',
  limit: 'Limitado por',
  limitCpu: 'Este dispositivo (CPU)',
  limitBandwidth: 'La red',
  limitOther: 'El navegador',
  unknownError: 'Se ha producido un error. Inténtelo de nuevo en unos momentos.',
  'error-permission-denied':
    'El acceso a la cámara, al micrófono o a la pantalla está bloqueado. Permítalo con el icono que hay junto a la dirección e inténtelo de nuevo.',
  'error-device-not-found':
    'No se ha encontrado la cámara o el micrófono. Conecte el dispositivo o elija otro.',
  'error-device-in-use':
    'Otro programa está usando la cámara o el micrófono. Cierre ese programa e inténtelo de nuevo.',
  'error-device-lost':
    'La cámara o el micrófono no envía ninguna señal. Compruebe el cable y el interruptor, o elija otro dispositivo.',
  'error-device-failed':
    'La cámara o el micrófono no responde. Desconecte el dispositivo, vuelva a conectarlo e inténtelo de nuevo.',
  'error-capture-unsupported':
    'Este navegador no puede capturar esta fuente. Utilice otro dispositivo o un navegador actual.',
  'error-insecure-page': 'Las cámaras solo funcionan en páginas seguras. Abra esta página con https.',
  'error-webrtc-unsupported':
    'Este navegador no puede emitir. Utilice una versión actual de Chrome, Edge, Firefox o Safari.',
  'error-codec-unavailable': 'Este navegador no admite el códec de vídeo necesario. Utilice otro navegador.',
  'error-ingest-not-found':
    'El servidor no conoce esta emisión. Póngase en contacto con el responsable de la página.',
  'error-ingest-refused': 'El servidor no acepta esta emisión. Otro navegador puede solucionarlo.',
  'error-ingest-conflict':
    'Ya hay otra emisión en curso con este nombre. Finalice esa emisión e inténtelo de nuevo.',
  'error-ingest-unreachable':
    'No se puede acceder al servidor. Compruebe su conexión de red e inténtelo de nuevo.',
  'error-ingest-failed': 'El servidor comunica un error. Inténtelo de nuevo en unos momentos.',
  'error-connection-lost':
    'Se ha perdido la conexión y no se ha podido restablecer. Compruebe su conexión de red e inténtelo de nuevo.',
  'error-off-air':
    'El servidor no recibe la emisión, aunque la conexión parece intacta. Finalice la emisión e iníciela de nuevo.',
  'error-media-stopped':
    'La cámara y el micrófono ya no envían audio ni vídeo. Desconéctelos, vuelva a conectarlos e inténtelo de nuevo.',
  'error-revoked': 'Su permiso para emitir ha terminado.',
  'error-concurrent-limit':
    'Su cuenta ya emite desde el número máximo de dispositivos. Detenga una de las emisiones e inténtelo de nuevo.',
  'error-moved': 'Esta emisión se realiza ahora desde otro lugar. Inténtelo de nuevo para emitir desde aquí.',
  'error-token-refused': 'No tiene permiso para emitir. Vuelva a iniciar sesión e inténtelo de nuevo.',
  'error-token-rejected':
    'El servidor ha rechazado su permiso para emitir. Vuelva a iniciar sesión e inténtelo de nuevo.',
  'error-token-endpoint-unreachable':
    'No se ha podido comprobar su permiso para emitir. Compruebe su conexión de red e inténtelo de nuevo.',
  'error-token-endpoint-timeout':
    'No se ha podido comprobar a tiempo su permiso para emitir. Inténtelo de nuevo.',
  'error-token-endpoint-failed':
    'No se ha podido comprobar su permiso para emitir. Inténtelo de nuevo en unos momentos.',
  'error-vendor-script-failed':
    'No se ha podido cargar una parte de esta página. Compruebe su conexión de red y vuelva a cargar la página.',
  'error-publisher-load-failed':
    'No se ha podido cargar una parte de esta página. Compruebe su conexión de red y vuelva a cargar la página.',
  'error-settings-invalid':
    'Esta página no está configurada para emitir. Póngase en contacto con el responsable de la página.',
  'error-vendor-script-not-allowed':
    'Esta página no está configurada para emitir. Póngase en contacto con el responsable de la página.',
};

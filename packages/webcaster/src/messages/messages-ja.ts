import type { WebcasterMessages } from './message-tables.js';

export const messagesJa: WebcasterMessages = {
  controls: '配信の操作',
  startCamera: 'カメラをオンにする',
  startMicrophone: 'マイクをオンにする',
  startScreen: '画面を共有',
  startPreview: 'プレビューを開始',
  goLive: 'ライブ配信を開始',
  connecting: '接続中…',
  reconnecting: '再接続中…',
  cancel: 'キャンセル',
  end: '終了',
  endLabel: '配信を終了',
  turnOff: 'カメラとマイクをオフにする',
  muteAudio: 'マイクをミュート',
  unmuteAudio: 'マイクのミュートを解除',
  muteVideo: '映像をオフにする',
  unmuteVideo: '映像をオンにする',
  shareScreen: '画面を共有',
  stopSharing: '画面の共有を停止',
  devices: 'カメラとマイク',
  camera: 'カメラ',
  microphone: 'マイク',
  off: 'オフ',
  standard: 'デフォルト',
  cameraNumber: 'カメラ {number}',
  microphoneNumber: 'マイク {number}',
  slate: '映像はまもなく再開します。',
  layout: 'レイアウト',
  layoutPictureInPicture: '画面の上にカメラ',
  layoutSideBySide: '横に並べる',
  layoutCamera: 'カメラのみ',
  layoutScreen: '画面のみ',
  insetPosition: 'カメラの位置',
  topLeft: '左上',
  topRight: '右上',
  bottomLeft: '左下',
  bottomRight: '右下',
  startRecording: '録画を開始',
  stopRecording: '録画を停止して保存',
  saveRecording: '録画を保存',
  recording: '録画中',
  level: 'マイクのレベル',
  details: '接続の詳細',
  tryAgain: '再試行',
  close: '閉じる',
  stateIdle: 'オフライン',
  statePreview: 'プレビュー',
  stateConnecting: '接続中',
  stateLive: 'ライブ',
  stateReconnecting: '再接続中',
  stateFailed: 'オフライン',
  stateStopped: '終了',
  announceLive: 'ライブ配信中です。',
  announceReconnecting: '接続が切れました。再接続しています。',
  announceStopped: '配信は終了しました。',
  liveFor: 'ライブ配信時間 {time}',
  qualityGood: '接続は良好です',
  qualityFair: '接続がやや不安定です',
  qualityPoor: '接続が不安定です',
  sending: '送信',
  picture: '映像',
  pictureValue: '{width} × {height}、{fps} fps',
  reaction: '往復時間',
  reactionValue: '{milliseconds} ミリ秒',
  loss: 'パケット損失',
  lossNone: 'なし',
  format: 'コーデック',
  limit: '制限の原因',
  limitCpu: 'このデバイス（CPU）',
  limitBandwidth: 'ネットワーク',
  limitOther: 'ブラウザ',
  unknownError: 'エラーが発生しました。しばらくしてからもう一度お試しください。',
  'error-permission-denied':
    'カメラ、マイク、または画面へのアクセスがブロックされています。アドレスの横のアイコンで許可してから、もう一度お試しください。',
  'error-device-not-found':
    'カメラまたはマイクが見つかりません。デバイスを接続するか、別のデバイスを選択してください。',
  'error-device-in-use':
    '別のプログラムがカメラまたはマイクを使用しています。そのプログラムを閉じてから、もう一度お試しください。',
  'error-device-lost':
    'カメラまたはマイクから信号が届いていません。ケーブルとスイッチを確認するか、別のデバイスを選択してください。',
  'error-device-failed':
    'カメラまたはマイクが応答しません。デバイスを取り外し、接続し直してから、もう一度お試しください。',
  'error-capture-unsupported':
    'このブラウザではこのソースをキャプチャできません。別のデバイスか最新のブラウザをお使いください。',
  'error-insecure-page': 'カメラは安全なページでのみ使用できます。このページを https で開いてください。',
  'error-webrtc-unsupported':
    'このブラウザでは配信できません。最新の Chrome、Edge、Firefox または Safari をお使いください。',
  'error-codec-unavailable':
    'このブラウザは必要な映像コーデックに対応していません。別のブラウザをお使いください。',
  'error-ingest-not-found': 'サーバーにこの配信が見つかりません。ページの運営者にお問い合わせください。',
  'error-ingest-refused': 'サーバーがこの配信を受け付けません。別のブラウザで解決する場合があります。',
  'error-ingest-conflict':
    '別の配信がすでに同じ名前で行われています。その配信を終了してから、もう一度お試しください。',
  'error-ingest-unreachable':
    'サーバーに接続できません。ネットワーク接続を確認してから、もう一度お試しください。',
  'error-ingest-failed': 'サーバーでエラーが発生しました。しばらくしてからもう一度お試しください。',
  'error-connection-lost':
    '接続が切れ、復旧できませんでした。ネットワーク接続を確認してから、もう一度お試しください。',
  'error-off-air':
    '接続に問題は見られませんが、サーバーが配信を受信していません。配信を終了して、もう一度開始してください。',
  'error-media-stopped':
    'カメラとマイクから音声と映像が届かなくなりました。両方を取り外し、接続し直してから、もう一度お試しください。',
  'error-revoked': '配信の権限は終了しました。',
  'error-concurrent-limit':
    'ご利用のアカウントで同時に配信できる端末数の上限に達しています。ほかの配信を停止してから、もう一度お試しください。',
  'error-moved': 'この配信は現在、別の場所から行われています。ここから配信するには、もう一度お試しください。',
  'error-token-refused': '配信する権限がありません。ログインし直してから、もう一度お試しください。',
  'error-token-rejected':
    'サーバーが配信の権限を拒否しました。ログインし直してから、もう一度お試しください。',
  'error-token-endpoint-unreachable':
    '配信の権限を確認できませんでした。ネットワーク接続を確認してから、もう一度お試しください。',
  'error-token-endpoint-timeout': '配信の権限を時間内に確認できませんでした。もう一度お試しください。',
  'error-token-endpoint-failed': '配信の権限を確認できませんでした。しばらくしてからもう一度お試しください。',
  'error-vendor-script-failed':
    'このページの一部を読み込めませんでした。ネットワーク接続を確認してから、ページを再読み込みしてください。',
  'error-publisher-load-failed':
    'このページの一部を読み込めませんでした。ネットワーク接続を確認してから、ページを再読み込みしてください。',
  'error-settings-invalid':
    'このページは配信できるように設定されていません。ページの運営者にお問い合わせください。',
  'error-vendor-script-not-allowed':
    'このページは配信できるように設定されていません。ページの運営者にお問い合わせください。',
};

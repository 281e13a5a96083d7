import type { PlayerMessages } from './message-tables.js';

export const messagesJa: PlayerMessages = {
  player: '動画プレーヤー',
  audioPlayer: '音声プレーヤー',
  play: '再生',
  pause: '一時停止',
  mute: 'ミュート',
  unmute: 'ミュート解除',
  volume: '音量',
  seek: '再生位置',
  time: '再生時間',
  position: '{totalTime}中の{currentTime}',
  positionUnknown: 'まだ何も読み込まれていません',
  live: 'ライブ',
  goLive: 'ライブに移動',
  playingLive: 'ライブ再生中',
  behindLive: 'ライブから{time}遅れ',
  captions: '字幕',
  captionsOff: 'オフ',
  settings: '設定',
  quality: '画質',
  qualityAuto: '自動',
  speed: '再生速度',
  back: '戻る',
  startAirPlay: 'AirPlay で再生',
  stopAirPlay: 'AirPlay を停止',
  startCast: '別の画面で再生',
  stopCast: 'この画面で再生',
  enterPictureInPicture: 'ピクチャー イン ピクチャー',
  exitPictureInPicture: 'ピクチャー イン ピクチャーを終了',
  enterFullscreen: '全画面表示',
  exitFullscreen: '全画面表示を終了',
  loading: '読み込み中',
  streamAwaited: '配信はまだ始まっていません。始まると、ここで自動的に再生されます。',
  tryAgain: '再試行',
  details: '詳細',
  unknownError: '配信を再生できません。しばらくしてからもう一度お試しください。',
  'error-source-missing': '再生するものがまだありません。',
  'error-source-not-found': 'この配信は現在行われていません。後でもう一度お試しください。',
  'error-source-unreachable':
    '配信に接続できません。ネットワーク接続を確認してから、もう一度お試しください。',
  'error-source-failed': 'この配信のサーバーでエラーが発生しました。しばらくしてからもう一度お試しください。',
  'error-playback-stalled': '再生が止まりました。ネットワーク接続を確認してから、もう一度お試しください。',
  'error-codec-unsupported':
    'このブラウザはこの配信の動画形式に対応していません。別のブラウザをお使いください。',
  'error-engine-unsupported':
    'このブラウザではこの配信を再生できません。最新の Chrome、Edge、Firefox または Safari をお使いください。',
  'error-engine-load-failed':
    'このページの一部を読み込めませんでした。ネットワーク接続を確認してから、ページを再読み込みしてください。',
  'error-vendor-script-failed':
    'このページの一部を読み込めませんでした。ネットワーク接続を確認してから、ページを再読み込みしてください。',
  'error-option-invalid':
    'このページは配信を再生できるように設定されていません。ページの運営者にお問い合わせください。',
  'error-vendor-script-not-allowed':
    'このページは配信を再生できるように設定されていません。ページの運営者にお問い合わせください。',
  'error-token-source-missing':
    'このページは配信を再生できるように設定されていません。ページの運営者にお問い合わせください。',
  'error-token-refused': 'この配信を視聴する権限がありません。ログインし直してから、もう一度お試しください。',
  'error-token-rejected':
    'この配信へのアクセスが拒否されました。ログインし直してから、もう一度お試しください。',
  'error-token-expired':
    'この配信へのアクセスの有効期限が切れました。ログインし直してから、もう一度お試しください。',
  'error-token-endpoint-unreachable':
    'この配信へのアクセスを確認できませんでした。ネットワーク接続を確認してから、もう一度お試しください。',
  'error-token-endpoint-timeout':
    'この配信へのアクセスを時間内に確認できませんでした。もう一度お試しください。',
  'error-token-endpoint-failed':
    'この配信へのアクセスを確認できませんでした。しばらくしてからもう一度お試しください。',
};

'use client';

export { SecurePlayer } from './secure-player.js';
export { SecureWebcaster } from './secure-webcaster.js';

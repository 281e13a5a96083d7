import 'hls-video-element';
import { addressWithToken, fetchToken, readSettings } from './bench-settings.js';

const settings = readSettings();
const token = await fetchToken(settings);
document.querySelector('hls-video')?.setAttribute('src', addressWithToken(settings.src, token));

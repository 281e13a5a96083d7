import { startPlayers } from '@gatecast/player/vite';

const backend = 'http://localhost:5173';

export default {
  // The player starts before the code of the app is there.
  plugins: [startPlayers()],
  server: {
    port: 5174,
    // The development server forwards these paths to your backend, so the page needs no CORS.
    proxy: { '/api': backend, '/live': backend, '/whip': backend },
  },
};

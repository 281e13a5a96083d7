const backend = 'http://localhost:5173';

export default {
  server: {
    port: 5174,
    // The development server forwards these paths to your backend, so the page needs no CORS.
    proxy: { '/api': backend, '/live': backend, '/whip': backend },
  },
};

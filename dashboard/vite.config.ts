import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `npm run dev --workspace dashboard` serves the pages with hot reload; the API is the server on this address. */
const server = process.env['OUTRIDER_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  // The SDK from its sources, as everything else in a checkout.
  resolve: { alias: { '@outrider/sdk': fileURLToPath(new URL('../sdk/src/index.ts', import.meta.url)) } },
  build: {
    target: 'es2023',
    // The policy of the pages allows no inline data but images (src/http/dashboard.ts).
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 600,
  },
  server: { proxy: { '/v1': server, '/docs': server } },
});

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// The module that stamps nonces must run first, so nothing is inlined into index.html (strict CSP: no inline script).
export default defineConfig({
  base: '/',
  plugins: [react()],
  resolve: { tsconfigPaths: true },
  server: { port: 5173, proxy: { '/api': 'http://127.0.0.1:8000' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1600,
  },
  test: { environment: 'node', include: ['src/**/*.test.{ts,tsx}'] },
});

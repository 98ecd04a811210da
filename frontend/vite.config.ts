import { defineConfig } from 'vitest/config'

// The server answers index.html for `/` and `/session/{id}`; everything else of the page lies under /assets/.
export default defineConfig({
  base: '/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../app/static',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // no data: addresses, so that the content policy can stay strict
    modulePreload: { polyfill: false },
    manifest: true, // the server names what a timeline needs, ahead of the page (app/api/routes/ahead.py)
  },
  worker: { format: 'es' },
  server: {
    proxy: { '/api': { target: process.env['INFUSION_API'] ?? 'http://127.0.0.1:8000', ws: true } },
  },
  test: {
    environment: 'happy-dom',
    include: ['tests/**/*.test.{ts,tsx}'],
    testTimeout: 120_000, // as of the Python tests: a machine may be busy
    hookTimeout: 120_000,
    teardownTimeout: 120_000,
  },
})

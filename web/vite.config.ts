// Two entries: the public pages, light, and the officers' console. Everything a page loads comes
// from its own host; nothing is inlined, so that a strict Content-Security-Policy holds.
import { fileURLToPath, URL } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

// Where `cargo run` listens, for pages in the making (`npm run dev`).
const base = Number(process.env["SUQIU_PORT_BASE"] ?? 3000);
const cloud = `http://127.0.0.1:${base + 2}`;

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { "@": path("./src") } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      input: { public: path("./index.html"), officers: path("./officers/index.html") },
    },
  },
  server: {
    host: "127.0.0.1",
    proxy: Object.fromEntries(
      ["/api-public", "/api-console", "/issuer", "/config.json"].map((prefix) => [
        prefix,
        { target: cloud },
      ]),
    ),
  },
});

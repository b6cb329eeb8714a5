import { fileURLToPath, URL } from "node:url";
import { defineConfig } from "vite";

/** One file that Node runs by itself: what the relay starts for WebRTC. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  ssr: { noExternal: true, target: "node" },
  build: {
    ssr: "main.ts",
    outDir: fileURLToPath(new URL("../dist/webrtc", import.meta.url)),
    emptyOutDir: true,
    target: "node20",
    rollupOptions: { output: { entryFileNames: "webrtc.mjs" } },
  },
});

import { fileURLToPath, URL } from "node:url";
import vue from "@vitejs/plugin-vue";
import type { PluginOption, UserConfig } from "vite";

export const sharedFolder = fileURLToPath(new URL("./shared", import.meta.url));

/** Where the API answers while a face is served by Vite; the built faces are served by the API itself. */
const apiOrigin = process.env.LIANDONG_API_ORIGIN ?? "http://127.0.0.1:8000";

/** The build of one face: served under `/<name>/`, written to `dist/<name>`, `/api` passed on while developing. */
export function face(name: "office" | "mobile" | "screen" | "public", port: number, plugins: PluginOption[] = []): UserConfig {
  return {
    root: fileURLToPath(new URL(`./${name}`, import.meta.url)),
    base: `/${name}/`,
    plugins: [vue(), ...plugins],
    resolve: { alias: { "@shared": sharedFolder } },
    server: { port, strictPort: true, host: "127.0.0.1", proxy: { "/api": { target: apiOrigin } } },
    build: {
      outDir: fileURLToPath(new URL(`./dist/${name}`, import.meta.url)),
      emptyOutDir: true,
      target: "es2022",
      chunkSizeWarningLimit: 1400,
    },
  };
}

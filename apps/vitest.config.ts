import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";
import { sharedFolder } from "./face.ts";

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { "@shared": sharedFolder } },
  test: {
    environment: "happy-dom",
    include: ["{shared,office,mobile,screen,public,webrtc}/**/*.test.ts"],
    restoreMocks: true,
  },
});

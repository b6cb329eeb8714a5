import { defineConfig } from "vite";
import { face } from "../face.ts";

export default defineConfig({ ...face("public", 18204), worker: { format: "es" } });

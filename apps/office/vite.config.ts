import { defineConfig } from "vite";
import { face } from "../face.ts";

export default defineConfig(face("office", 18201));

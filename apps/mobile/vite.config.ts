import { defineConfig } from "vite";
import { face } from "../face.ts";

export default defineConfig(face("mobile", 18202));

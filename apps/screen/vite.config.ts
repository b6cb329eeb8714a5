import { defineConfig } from "vite";
import { face } from "../face.ts";

export default defineConfig(face("screen", 18203));

import { defineConfig } from "vite";
import { face } from "../face.ts";
import { precache } from "./worker/precache.ts";

export default defineConfig(face("mobile", 18202, [precache()]));

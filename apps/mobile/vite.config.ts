import { defineConfig } from "vite";
import { face } from "../face.ts";
import { noStrangers } from "./worker/noStrangers.ts";
import { precache } from "./worker/precache.ts";

export default defineConfig(face("mobile", 18202, [noStrangers(), precache()]));

/** The mobile face as it is shipped, with one module more: hands for the test to do with what the pages do. */
import { fileURLToPath } from "node:url";
import type { Plugin, UserConfig } from "vite";
import { face } from "../../../apps/face.ts";
import { noStrangers } from "../../../apps/mobile/worker/noStrangers.ts";
import { precache } from "../../../apps/mobile/worker/precache.ts";

const hands = fileURLToPath(new URL("./hands.ts", import.meta.url));

function withHands(): Plugin {
  return {
    name: "liandong-with-hands",
    transform: (code, id) => (id.endsWith("/mobile/main.ts") ? { code: `import ${JSON.stringify(hands)};\n${code}`, map: null } : null),
  };
}

const shipped = face("mobile", 18203, [noStrangers(), precache(), withHands()]);
const config: UserConfig = { ...shipped, build: { ...shipped.build, outDir: process.env.CHAOS_FACE } };
export default config;

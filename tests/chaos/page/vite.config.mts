/** The mobile face as it is shipped, with one module more: hands that do with the app what its pages do. */
import { fileURLToPath } from "node:url";
import { face } from "../../../apps/face.ts";
import { noStrangers } from "../../../apps/mobile/worker/noStrangers.ts";
import { precache } from "../../../apps/mobile/worker/precache.ts";

type Plugin = ReturnType<typeof noStrangers>;

const hands = fileURLToPath(new URL("./hands.ts", import.meta.url));
const withHands: Plugin = {
  name: "liandong-with-hands",
  transform: (code: string, id: string) => (id.endsWith("/mobile/main.ts") ? { code: `import ${JSON.stringify(hands)};\n${code}`, map: null } : null),
};

const shipped = face("mobile", 18203, [noStrangers(), precache(), withHands]);
export default { ...shipped, build: { ...shipped.build, outDir: process.env.CHAOS_FACE } };

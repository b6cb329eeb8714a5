/** A Vite plugin: no style sheet of a library sends the phone to somebody else's server. */
import type { Plugin } from "vite";

/** A further source of a font, from an address that is not ours (Vant names one behind the font that it carries itself). */
const STRANGE_FONT = /,\s*url\((["']?)(?:https?:)?\/\/[^)]*\)\s*format\([^)]*\)/g;

export function noStrangers(): Plugin {
  return {
    name: "liandong-no-strangers",
    enforce: "pre",
    transform(code, id) {
      return id.split("?")[0]!.endsWith(".css") && STRANGE_FONT.test(code) ? { code: code.replace(STRANGE_FONT, ""), map: null } : null;
    },
  };
}

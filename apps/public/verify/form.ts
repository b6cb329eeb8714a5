/** The form of a sealed record: names and limits. The same as liandong/oversight/records/proof/form.py. */

export const FORMAT = "liandong.record";
export const VERSION = 1;
export const MANIFEST = "manifest.json";
export const SIGNATURE = "signature.json";
export const UNLISTED: readonly string[] = [MANIFEST, SIGNATURE];

export const INSPECTION = "record/inspection.json";
export const TASK = "record/task.json";
export const ANSWERS = "record/answers/";
export const PHOTOS = "record/photos/";
export const SIGNATURES = "record/signatures/";
export const PROBLEMS = "record/problems/";
export const MOVES = "record/moves/";
export const LOOK_BACKS = "record/look_backs/";
export const ASSIGNMENTS = "record/assignments/";
export const URGINGS = "record/urgings/";
export const RETURNS = "record/returns/";
export const SAMPLES = "record/samples/";
export const SUPPORT = "record/support.json";
export const ENTRIES = "record/entries/";
export const DEEDS = "deeds/";
export const FACTS = "ledger/facts/";
export const LINKS = "ledger/links.txt";
export const ORIGINALS = "originals/";

const PATH = /^[A-Za-z0-9_-][A-Za-z0-9_.-]*(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*){0,3}$/;

export const LONGEST_NAME = 120;
export const MOST_ENTRIES = 50_000;
export const LARGEST_ARCHIVE = 2 ** 31 - 1;
export const LARGEST_JSON = 8 * 1024 * 1024;
export const DEEPEST_JSON = 64;
export const CLOCK_TOLERANCE_US = 5n * 60n * 1_000_000n;

/** Whether an entry of a record may be called so: nothing is absolute and nothing climbs. */
export const isName = (name: string): boolean => name.length <= LONGEST_NAME && PATH.test(name);

/** The visit of a task on this phone: its deeds folded, its drafts, and what may still be done. */
import { computed, type ComputedRef, type ShallowRef } from "vue";
import type { Checklist } from "@shared/client/types";
import { accountId } from "../../common/account";
import { keep } from "../../common/keep";
import { store, useLive } from "../../common/live";
import { recordOf } from "../../common/wire";
import { ELEMENTS } from "../../common/vocabulary";
import { draftsOf, type DraftPlace } from "../../outbox/drafts";
import { isLive, type DeedKind, type DeedRow, type JsonRecord } from "../../outbox/shapes";
import { useTask, type TaskHere } from "../../tasks/use/useTask";
import { answerKey, foldVisit, listKey, progressOf, type Progress, type VisitView } from "./fold";
import { foldEntries, type EntriesView } from "../../paper/use/entries";
import type { PhotoDraft } from "./photo";

export interface VisitHere extends TaskHere {
  entries: ComputedRef<EntriesView>;
  inspection_id: ComputedRef<string>;
  view: ComputedRef<VisitView>;
  /** The record is handed in, or the task is over: nothing more is added. */
  isClosed: ComputedRef<boolean>;
  /** The checklists of the task's matters first, then the others. */
  lists: ComputedRef<Checklist[]>;
  scope: ComputedRef<Checklist[]>;
  progress: ComputedRef<Progress>;
  photoDrafts: ShallowRef<PhotoDraft[]>;
  notes: ShallowRef<Map<string, string>>;
  /** A deed of this visit, kept on the phone in place of its draft; undefined if that failed, which was said. */
  record: (kind: DeedKind, payload: JsonRecord, more?: { sha256?: string; draft?: DraftPlace }) => Promise<DeedRow | undefined>;
}

export function useVisit(id: () => string): VisitHere {
  const here = useTask(id);
  const inspection_id = computed(() => {
    const arrival = here.deeds.value.filter((row) => row.kind === "arrive_on_site" && isLive(row)).at(-1);
    return arrival?.inspection_id ?? here.task.value?.inspection_id ?? "";
  });
  const view = computed(() => foldVisit(inspection_id.value, here.deeds.value, here.row.value ? recordOf(here.row.value) : null));
  const lists = computed(() => inOrder([...(here.pack.value?.checklists ?? []), ...(here.pack.value?.other_checklists ?? [])], here.task.value?.matters ?? []));
  const scope = computed(() => lists.value.filter((list) => isInScope(list, here, view.value)));
  const draftKey = (): string => `${accountId.value}|${inspection_id.value}`;
  return {
    ...here,
    inspection_id,
    view,
    entries: computed(() => foldEntries(inspection_id.value, here.deeds.value, here.row.value ? recordOf(here.row.value) : null)),
    lists,
    scope,
    isClosed: computed(() => isHandedIn(view.value) || ["reported", "cancelled"].includes(here.task.value?.state ?? "")),
    progress: computed(() => progressOf(view.value, scope.value)),
    photoDrafts: useLive(draftKey, () => readPhotos(inspection_id.value), [] as PhotoDraft[]),
    notes: useLive(draftKey, () => readNotes(inspection_id.value), new Map<string, string>()),
    record: (kind, payload, more) =>
      keep({ kind, task_id: id(), inspection_id: inspection_id.value, payload: { inspection_id: inspection_id.value, ...payload }, ...more }),
  };
}

const isHandedIn = (view: VisitView): boolean => view.submission !== null && view.submission.state !== "refused";

function inOrder(lists: Checklist[], matters: string[]): Checklist[] {
  const rank = (list: Checklist): number => ELEMENTS.indexOf(list.element) + (matters.includes(list.element) ? 0 : ELEMENTS.length) + (listKey(list) === list.element ? 0.5 : 0);
  return [...lists].sort((one, other) => rank(one) - rank(other));
}

/** What the task asks for; where it does not say, what the source emits, as far as it is offered; and whatever was answered anyway. */
function isInScope(list: Checklist, here: TaskHere, view: VisitView): boolean {
  const matters = here.task.value?.matters ?? [];
  const emitted = here.pack.value?.enterprise_file?.source.elements ?? [];
  const asked = matters.length > 0 ? matters : emitted;
  const isOffered = !here.pack.value?.other_checklists?.includes(list);
  const isAsked = isOffered && (asked.length === 0 || asked.includes(list.element) || listKey(list) !== list.element);
  return isAsked || list.items.some((item) => view.answers.has(answerKey(listKey(list), item.key)));
}

async function readPhotos(inspection_id: string): Promise<PhotoDraft[]> {
  if (inspection_id === "") return [];
  return (await draftsOf<PhotoDraft>(store, accountId.value, inspection_id, "photo/")).map((draft) => draft.value);
}

const NOTE = "note/";

async function readNotes(inspection_id: string): Promise<Map<string, string>> {
  if (inspection_id === "") return new Map();
  const drafts = await draftsOf<{ note: string }>(store, accountId.value, inspection_id, NOTE);
  return new Map(drafts.map(({ name, value }) => [name.slice(NOTE.length), value.note]));
}

import { computed, ref, shallowRef } from "vue";
import { sources } from "@shared/client/calls";
import { ApiProblem } from "@shared/client/problem";
import type { ImportPreview, ImportReport } from "@shared/client/types";
import { renewRooms } from "../../common/use/queries";

/** An import in three steps: a file is read, its columns are mapped, the report says what became of every row. */
export function useImport() {
  const file = shallowRef<File | null>(null);
  const preview = shallowRef<ImportPreview | null>(null);
  const mapping = ref<Record<string, string | null>>({});
  const report = shallowRef<ImportReport | null>(null);
  const refusal = shallowRef<ApiProblem | null>(null);
  const busy = ref(false);

  const step = computed(() => (report.value ? 2 : preview.value ? 1 : 0));
  const missing = computed(() => (preview.value?.fields ?? []).filter((field) => field.required && !mapping.value[field.field]));

  async function guarded(work: () => Promise<void>): Promise<void> {
    busy.value = true;
    refusal.value = null;
    try {
      await work();
    } catch (reason) {
      if (!(reason instanceof ApiProblem)) throw reason;
      refusal.value = reason;
    } finally {
      busy.value = false;
    }
  }

  const read = (chosen: File) => guarded(async () => {
    const form = new FormData();
    form.set("file", chosen);
    preview.value = await sources.previewImport(form);
    mapping.value = { ...preview.value.mapping };
    file.value = chosen;
  });

  const carryOut = () => guarded(async () => {
    const form = new FormData();
    form.set("file", file.value!);
    form.set("mapping", JSON.stringify(mapping.value));
    report.value = await sources.import(form);
    await renewRooms("sources");
  });

  function startOver(): void {
    file.value = preview.value = report.value = refusal.value = null;
    mapping.value = {};
  }
  return { file, preview, mapping, report, refusal, busy, step, missing, read, carryOut, startOver };
}

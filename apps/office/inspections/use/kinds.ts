import { t } from "@shared/terms";

/** A visit is of a kind of its own (执法检查, 帮扶) or of the kind of its task. */
export function kindText(kind: string): string {
  const key = `inspection.kind.${kind}`;
  const text = t(key);
  return text === key ? t(`task.kind.${kind}`) : text;
}

/** Whether the server says that this actor may now do `verb` (`claim`, or in full `problems:claim`) to the record. */
export function may(record: { verbs: readonly string[] } | null | undefined, verb: string): boolean {
  return record?.verbs.some((allowed) => allowed === verb || allowed.endsWith(`:${verb}`)) ?? false;
}

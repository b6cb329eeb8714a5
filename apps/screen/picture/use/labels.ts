import type { CounterName } from "@shared/feed/counters";
import { w } from "@shared/terms";

export function counterLabel(name: CounterName): string {
  switch (name) {
    case "on_duty": return w("在岗", "On duty");
    case "on_site": return w("在场", "On site");
    case "open": return w("待销号", "Open");
    case "overdue": return w("超期", "Overdue");
    case "closed_today": return w("今日销号", "Closed today");
  }
}

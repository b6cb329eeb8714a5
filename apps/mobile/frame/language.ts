/** Vant's own words (确认, 取消, the months) in the language of the app. */
import { Locale } from "vant";
import enUS from "vant/es/locale/lang/en-US";
import zhCN from "vant/es/locale/lang/zh-CN";
import { watch } from "vue";
import { language } from "@shared/terms";

export function followLanguage(): void {
  watch(language, (chosen) => (chosen === "zh" ? Locale.use("zh-CN", zhCN) : Locale.use("en-US", enUS)), { immediate: true });
}

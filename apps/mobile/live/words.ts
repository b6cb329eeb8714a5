/** How a phone that sends says what happens. */
import { language, w } from "@shared/terms";
import type { Ending, Sent } from "./sender";
import type { Unable } from "./useSiteLive";

export function unableWords(why: Unable): string {
  switch (why) {
    case "insecure":
      return w("本页不是通过 https 打开的，手机不允许使用摄像头；请用 https 地址打开，或请管理员配置证书。", "This page was not opened by https, so the phone gives no camera; open the https address.");
    case "browser":
      return w("此浏览器不能编码视频（缺少 WebCodecs H.264）；请升级系统，改用新版 Chrome、Edge 或 Safari，或用“录像”取证。", "This browser cannot encode H.264 (WebCodecs); use a recent Chrome, Edge or Safari, or record a video instead.");
    case "camera":
      return w("没有摄像头权限；请在浏览器或系统设置中允许使用摄像头，再点重试。", "The camera is not allowed; allow it in the settings and try again.");
    case "no_camera":
      return w("没有找到摄像头。", "No camera was found.");
    case "busy":
      return w("摄像头被其他应用占用；请关闭其他拍摄应用，再点重试。", "The camera is in use by another app; close it and try again.");
  }
}

export function endingWords(why: Ending | null): string {
  switch (why?.kind) {
    case "replaced":
      return w("您的另一台设备接着直播，本机已停止。", "Another device of yours sends now; this one has stopped.");
    case "encoder":
      return w("手机的视频编码器出错，已停止；可点重试。", "The phone's encoder failed; you can try again.");
    case "camera":
      return w("摄像头已被系统关闭，直播停止；可点重试。", "The camera was switched off by the system; you can try again.");
    case "problem":
      return language.value === "zh" ? why.zh : why.en;
    default:
      return "";
  }
}

export function sentWords(sent: Sent | null): string {
  if (sent === null) return w("正在打开摄像头…", "Opening the camera…");
  switch (sent.state) {
    case "connecting":
      return w("正在接通…", "Connecting…");
    case "lost":
      return w("连接断开，自动重连中…", "Connection lost, trying again…");
    case "ended":
      return endingWords(sent.why);
    case "live":
      return sent.mode === "stills"
        ? w("网络弱：每几秒发一张静态画面，好转后自动恢复视频", "Thin link: a still every few seconds; film returns by itself")
        : w("正在直播", "Live");
  }
}

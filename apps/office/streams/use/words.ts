/** The findings of the doctor in plain words: what is so, the figures behind it, and what to do. */
import type { Finding } from "@shared/client/types";
import { language, w } from "@shared/terms";

export interface Said { what: string; figures: string; advice: string }

export const legName = (leg: Finding["leg"]): string =>
  ({ sender: w("发送端 → 视频服务", "Sender → relay"), ingest: w("媒体服务器 → 视频服务", "Media server → relay"), control: w("视频服务 → 平台", "Relay → servers"), store: w("录像 → 存储", "Recording → store"), viewers: w("视频服务 → 观看端", "Relay → viewers") })[leg];
export const MARKS: Record<Finding["level"], string> = { good: "✓", warn: "!", bad: "✕", unknown: "?" };

const number = (finding: Finding, name: string): number | null => {
  const value = finding.figures[name];
  return typeof value === "number" ? value : null;
};

export function said(finding: Finding): Said {
  const [what, advice] = (WORDS[finding.code] ?? (() => [finding.code, ""]))(finding);
  return { what, advice, figures: figuresOf(finding) };
}

function figuresOf(finding: Finding): string {
  if (finding.leg === "sender") return senderFigures(finding);
  if (finding.leg === "ingest") return ingestFigures(finding);
  if (finding.leg === "viewers" && number(finding, "viewers")) return viewerFigures(finding);
  return "";
}

function senderFigures(finding: Finding): string {
  const { codec, width, height, protocol } = finding.figures;
  const parts = [PROTOCOLS[String(protocol)], codec && `H.264（${codec}）`, width && `${width}×${height}`];
  if (number(finding, "kbps") !== null) parts.push(`${number(finding, "kbps")} kbit/s`, w(`${number(finding, "fps")} 帧/秒`, `${number(finding, "fps")} frames/s`));
  if (number(finding, "since_s") !== null) parts.push(w(`已推送 ${lengthOf(number(finding, "since_s")!)}`, `for ${lengthOf(number(finding, "since_s")!)}`));
  return parts.filter(Boolean).join(" · ");
}

function viewerFigures(finding: Finding): string {
  const hls = number(finding, "hls");
  const parts = [hls ? w(`其中备用播放（HLS）${hls} 人`, `${hls} by HLS`) : "", number(finding, "left_out") ? w(`累计跳过 ${number(finding, "left_out")} 帧`, `${number(finding, "left_out")} frames left out so far`) : ""];
  return parts.filter(Boolean).join(" · ");
}

function ingestFigures({ figures: { server, is_untried, word } }: Finding): string {
  const untried = is_untried ? w("本项目未实测过这种服务器的接法", "this project never ran this kind of server") : "";
  return [server, word && w(`拉流返回：${word}`, `the pull said: ${word}`), untried].filter(Boolean).join(" · ");
}

const PROTOCOLS: Record<string, string> = { rtmp: "RTMP", "rtmp-pulled": "RTMP", "ws-picture": "WebSocket" };

function lengthOf(seconds: number): string {
  if (seconds < 120) return w(`${seconds} 秒`, `${seconds} s`);
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? w(`${minutes} 分钟`, `${minutes} min`) : w(`${Math.round(minutes / 60)} 小时`, `${Math.round(minutes / 60)} h`);
}

const faultOf = (finding: Finding): string => (language.value === "zh" ? finding.fault_zh : finding.fault_en) ?? w("原因不明", "for an unknown reason");
const quiet = (finding: Finding): number => Math.round(number(finding, "quiet_s") ?? 0);

const WORDS: Record<string, (finding: Finding) => [what: string, advice: string]> = {
  "sender.good": () => [w("画面正常送达", "The picture arrives"), ""],
  "sender.begins": () => [w("刚接通，等待第一帧", "Just connected, the first frame is awaited"), ""],
  "sender.never": () => [w("从未有画面送达", "Nothing has ever arrived"), w("请在设备上填入推送地址并开始推流；地址在登记后获取。若设备显示已推流，请检查设备到视频服务的网络和端口。", "Enter the address on the device and start it; if it says that it sends, check its network and the port.")],
  "sender.gone": () => [w("发送端已断开", "The sender has gone"), w("请检查设备是否关机、没电或断网；恢复推送后画面自动接通。", "Check whether the device is off, flat or without network; the picture returns by itself.")],
  "sender.refused": (finding) => [w(`上次推送被拒绝：${faultOf(finding)}`, `Turned away: ${faultOf(finding)}`), w("按提示处理后，在设备上重新开始推送。", "Put it right and start the device again.")],
  "sender.no_picture": () => [w("已连接，但没有画面", "Connected, and no picture"), w("请检查设备的摄像头和编码设置（H.264，关键帧间隔约 2 秒）。", "Check the camera and the encoder (H.264, a key frame every 2 s or so).")],
  "sender.stalled": (finding) => [w(`画面停滞 ${quiet(finding)} 秒`, `Nothing new for ${quiet(finding)} s`), w("发送端网络中断或过弱；请检查现场信号，或降低设备的码率。", "The sender's network is gone or too thin; check the signal or lower the bit rate.")],
  "sender.stills": () => [w("现场网络弱，正发送静态画面", "Thin link: stills are sent"), w("信号好转后自动恢复视频；可请现场人员换个位置。", "Film returns by itself; the officer may try another place.")],
  "sender.few_frames": () => [w("帧率过低，画面卡顿", "Few frames, the picture jerks"), w("请检查设备性能或把帧率设为 15–25 帧/秒。", "Check the device, or set it to 15–25 frames a second.")],
  "sender.thin": () => [w("码率很低，画面可能模糊", "A low bit rate, the picture may be blurred"), w("现场网络弱时手机会自动降低码率；编码器请检查码率设置。", "A phone lowers it on a weak link; check the setting of an encoder.")],
  "sender.closed": () => [w("该视频已关闭", "The stream is closed"), w("如需继续，请重新登记。", "Register it anew if it is needed.")],
  "sender.unknown": (finding) => [finding.fault_zh ? w(`无法得知；上次推送被拒绝：${faultOf(finding)}`, `Not known; last turned away: ${faultOf(finding)}`) : w("无法得知：视频服务没有应答", "Not known: the relay does not answer"), ""],
  "ingest.good": () => [w("正常", "In order"), ""],
  "ingest.idle": () => [w("正常，此刻没有设备经它推送这一路", "In order; nobody sends this stream to it now"), ""],
  "ingest.away": () => [w("媒体服务器没有应答", "The media server does not answer"), w("请管理员检查媒体服务器是否在运行，以及 LIANDONG_MEDIA_SERVER_API 是否正确；恢复后设备重新推流即自动接通。", "Have the administrator check that it runs and LIANDONG_MEDIA_SERVER_API is right; once it is back the picture returns when the device sends again.")],
  "ingest.mute": () => [w("画面正常，但媒体服务器的管理接口没有应答", "The picture passes, but the server's own interface does not answer"), w("关闭视频时无法在媒体服务器上断开设备；请管理员检查 LIANDONG_MEDIA_SERVER_API。", "A closed stream cannot be cut off there; have LIANDONG_MEDIA_SERVER_API checked.")],
  "ingest.never_asked": () => [w("媒体服务器收到这一路，但没有得到本系统许可，画面不会播放", "The server has this stream without our leave, so nobody sees it"), w("请管理员检查媒体服务器的回调（hook）配置，用 liandong media --configuration 对照。", "Have its hooks checked against `liandong media --configuration`.")],
  "ingest.not_pulled": () => [w("已许可推送，但从媒体服务器拉不到画面", "The device may send, but nothing can be pulled from the server"), w("请检查设备是否真的在推流，并请管理员检查 LIANDONG_MEDIA_SERVER_RTMP 与网络。", "Check that the device sends, and have LIANDONG_MEDIA_SERVER_RTMP and the network checked.")],
  "control.good": () => [w("正常", "In order"), ""],
  "control.away": () => [w("连不上视频服务", "The relay cannot be reached"), w("请管理员检查视频服务（liandong media）是否在运行，以及 LIANDONG_MEDIA_CONTROL_URL 是否正确。", "Have the administrator check that `liandong media` runs and LIANDONG_MEDIA_CONTROL_URL is right.")],
  "control.unanswered": (finding) => [w(`视频服务 ${Math.round(number(finding, "asked_s") ?? 0)} 秒未能核对权限`, `The relay could not ask about rights for ${Math.round(number(finding, "asked_s") ?? 0)} s`), w("视频服务连不上数据库；半分钟后会切断所有画面。请管理员检查数据库。", "It cannot reach the database and will cut all pictures off; have the database checked.")],
  "store.good": (finding) => [w(`正常，已录到 ${number(finding, "behind_s")} 秒前`, `Recorded up to ${number(finding, "behind_s")} s ago`), ""],
  "store.begins": () => [w("刚开始，首段录像即将保存", "Just begun, the first part is about to be kept"), ""],
  "store.idle": () => [w("没有画面，无需录制", "No picture, nothing to record"), ""],
  "store.off": () => [w("登记时选择了不录制", "Not recorded, as registered"), ""],
  "store.stills": () => [w("静态画面不录制", "Stills are not recorded"), ""],
  "store.fault": (finding) => [faultOf(finding), w("请管理员检查磁盘空间与文件存储。", "Have the disk and the file store checked.")],
  "store.late": () => [w("有画面，但超过 30 秒没有录像入库", "A picture, and nothing recorded for 30 s"), w("请检查设备的关键帧间隔（约 2 秒），并请管理员检查文件存储。", "Check the key frame interval (about 2 s) and the file store.")],
  "store.unknown": () => [w("无法得知", "Not known"), ""],
  "viewers.good": (finding) => [w(`${number(finding, "viewers")} 人观看，均跟得上`, `${number(finding, "viewers")} watch and keep up`), ""],
  "viewers.none": () => [w("此刻无人观看", "Nobody watches now"), ""],
  "viewers.behind": (finding) => [w(`${number(finding, "behind")} 个观看端跟不上`, `${number(finding, "behind")} viewers do not keep up`), w("观看端的网络太慢；请减少同屏路数或改用有线网络。", "Their network is too slow: fewer tiles, or a cable.")],
  "viewers.dropping": (finding) => [w(`${number(finding, "dropping")} 个观看端解码跟不上`, `${number(finding, "dropping")} browsers drop frames`), w("观看电脑性能不足；请关闭其他程序、减少同屏路数，或开启硬件加速。", "The computer is too slow: fewer tiles, or hardware acceleration.")],
  "viewers.left_out": (finding) => [w(`${number(finding, "viewers")} 人观看，曾有卡顿`, `${number(finding, "viewers")} watch, with gaps before`), w("若持续增加，请检查观看端网络。", "If it grows, check the viewers' network.")],
  "viewers.unknown": () => [w("无法得知", "Not known"), ""],
};
export const CODES = Object.keys(WORDS);

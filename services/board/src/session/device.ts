// What this device is called in the list of devices, until its owner says otherwise.
import { t } from "@/text/language";

const SYSTEMS: [RegExp, string][] = [
  [/HarmonyOS|OpenHarmony/, "鸿蒙"],
  [/iPad/, "iPad"],
  [/iPhone/, "iPhone"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "Mac"],
  [/Linux/, "Linux"],
];
const BROWSERS: [RegExp, string, string][] = [
  [/MicroMessenger/, "微信", "WeChat"],
  [/Edg\//, "Edge", "Edge"],
  [/Firefox\//, "Firefox", "Firefox"],
  [/(360|QIHU)/i, "360 浏览器", "360"],
  [/Chrome\//, "Chrome", "Chrome"],
  [/Safari\//, "Safari", "Safari"],
];

export function proposeDeviceName(): string {
  const agent = navigator.userAgent;
  const system = SYSTEMS.find(([sign]) => sign.test(agent))?.[1] ?? "";
  const [, zh = "浏览器", en = "Browser"] = BROWSERS.find(([sign]) => sign.test(agent)) ?? [];
  return `${system} ${t(zh, en)}`.trim();
}

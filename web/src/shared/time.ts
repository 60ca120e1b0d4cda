// Instants as people in the city read them: Asia/Shanghai, whatever the machine says.

const zone = "Asia/Shanghai";
const full = new Intl.DateTimeFormat("zh-CN", {
  timeZone: zone,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const day = new Intl.DateTimeFormat("zh-CN", {
  timeZone: zone,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
});

/** `2026-03-02 09:15`. */
export function instant(text: string): string {
  return full.format(new Date(text)).replaceAll("/", "-");
}

/** `2026-03-02`, of an instant. */
export function date(text: string): string {
  return day.format(new Date(text)).replaceAll("/", "-");
}

/** When a limit ends: midnight is the end of the day before, as the regulation counts. */
export function due(text: string): string {
  const shown = instant(text);
  if (!shown.endsWith("00:00")) return shown;
  const before = new Date(new Date(text).getTime() - 1);
  return `${date(before.toISOString())} 24:00`;
}

/** `剩余1天3小时`, `已超期20分钟`. */
export function remaining(dueAt: string, now: number): string {
  const seconds = Math.trunc((new Date(dueAt).getTime() - now) / 1000);
  const [minutes, late] = [Math.floor(Math.abs(seconds) / 60), seconds <= 0];
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  const span = days
    ? `${days}天${hours ? `${hours}小时` : ""}`
    : hours
      ? `${hours}小时${minutes % 60 ? `${minutes % 60}分钟` : ""}`
      : `${minutes % 60}分钟`;
  return (late ? "已超期" : "剩余") + span;
}

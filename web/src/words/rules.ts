// Words of the rules: the calendar, the numbers of the rulebook, and their changes.

const date = (text: string) => `${Number(text.slice(5, 7))}月${Number(text.slice(8, 10))}日`;
const weekdays = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"];

export const rules = {
  announcements: "须及时知悉的事项",

  changes: "变更",
  changesHint:
    "放假安排和规则参数的变更先测算影响，核对后施行；期限移动的工单各留一条注明文号的办理记录（第十二条、第六条）。",
  noChanges: "规则和日历尚未变更过。",
  titles: {
    calendar: (year: number) => `${year}年工作日历`,
    rulebook: (version: number) => `规则参数第${version}版`,
  },
  proposed: (document: string, by: string, at: string) => `依据${document}，${by}于${at}提出。`,
  said: {
    measuring: (passed: number, about: number) =>
      `正在测算影响：已核对${passed}条记录，共约${about}条。`,
    measured: "测算完成，尚未施行。施行之前没有任何改动。",
    loaded: "已施行，正在重新计算期限：约一分钟后全部生效，再逐件更新工单。",
    moving: (passed: number, about: number) =>
      `已施行，正在重新计算期限：已核对${passed}条记录，共约${about}条。`,
    done: (moved: number) =>
      moved === 0 ? "已施行，没有工单的期限需要移动。" : `已施行，移动了${moved}件工单的期限。`,
  },
  progressOf: (title: string) => `${title}的进度`,
  effect: {
    tickets: "未归档工单",
    moved: "期限移动",
    becomeOverdue: "将变为超期",
    stopBeingOverdue: "不再超期",
    becomeFinal: "期限由暂定改为确定",
  },
  pieces: (count: number) => `${count}件`,
  unreadable: (count: number) =>
    `有${count}件工单无法读取，其期限没有核对。请运维人员查看这些工单的记录。`,
  apply: "施行",
  applyOf: (title: string) => `施行${title}`,
  applySure: (title: string, document: string) =>
    `将以“${document}”施行${title}。施行后立即生效，未归档工单的期限随之移动：`,
  applyNow: "确认施行",
  changeCalendar: "修改日历",
  changeRulebook: "修改规则参数",
  measure: "测算影响",

  calendars: "工作日历",
  calendarsHint:
    "工作日依国务院办公厅每年的放假安排通知（第十二条）。没有录入通知的年份，涉及的期限为暂定，录入后重新计算。",
  year: "年份",
  yearOf: (year: number) => `${year}年`,
  published: "已发布",
  provisional: "暂定",
  counted: (off: number, madeUp: number) => `通知列明放假${off}天、调休上班${madeUp}天。`,
  calendarOf: (year: number) => `${year}年各月`,
  month: (month: number) => `${month}月`,
  monthOf: (year: number, month: number) => `${year}年${month}月`,
  weekdays,
  legend: "图例",
  kinds: { work: "工作日", weekend: "周末", off: "放假休息", madeUp: "调休上班" },
  marks: { work: "", weekend: "", off: "休", madeUp: "班" },
  dayIs: (text: string, kind: string) => `${Number(text.slice(8, 10))}日 ${kind}`,
  dayTurns: (text: string, weekday: number, kind: string, turn: string) =>
    `${date(text)} ${weekdays[weekday]}，${kind}，${turn}`,
  turns: { work: "改为上班", weekend: "改为普通周末", off: "改为休息", madeUp: "改为上班" },
  dayOf: (text: string, weekday: number) => `${date(text)} ${weekdays[weekday]}`,

  calendarHint:
    "点按日期改为休或班，再点按恢复；键盘用方向键移到日期，按空格键更改。没有标记的日子，周一至周五上班，周末休息。",
  stands: (year: number, document: string) => `${year}年现行：${document || "没有文号"}。`,
  standsNot: (year: number) => `${year}年尚未录入。`,
  documentNumber: "文号",
  documentHint: "通知的文号，如“国办发明电〔2025〕7号”。会写入期限移动的工单。",
  noticeOut: "放假安排通知已发布",
  namedDays: "列明的日子",
  namedHint: "请与通知逐日核对。",
  offDays: (count: number) => `放假（${count}天）`,
  madeUpDays: (count: number) => `调休上班（${count}天）`,
  newDays: (count: number) => `与现行不同（${count}天）`,
  becomes: (day: string, kind: string) => `${day}改为${kind}`,
  none: "无",
  comma: "、",

  version: (version: number) => `规则参数第${version}版`,
  inForce: "现行",
  notInForce: "未生效或已被替代",
  days: (effective: string, trial: string) =>
    `${effective} 起施行；试行期至 ${trial}（第二十条）。工单适用其受理时的版本。`,
  parametersOf: (version: number) => `第${version}版的参数`,
  showParameters: "查看全部参数",
  name: "名称",
  value: "时限或标准",
  was: (value: string) => `上一版为${value}`,
  officeHours: "办公时间",
  hoursOf: ([opens, lunch, afternoon, closes]: string[]) =>
    `上午${opens}—${lunch}，下午${afternoon}—${closes}`,

  rulebookHint:
    "只改需要改的项，其余沿用。更正已施行的版本，会移动按该版受理的未归档工单的期限；新增的版本只适用于施行日起受理的工单。",
  which: "变更方式",
  add: (version: number) => `新增第${version}版`,
  correct: (version: number) => `更正第${version}版`,
  effectiveOn: "施行日",
  trialEndsOn: "试行期至",
  notFuture: "施行日不在今天之后：按该版受理的未归档工单，期限将重新计算，可能因此超期或不再超期。",
  hours: ["上午上班", "上午下班", "下午上班", "下午下班"],
  parameters: "参数",
  between: (least: number, most: number) => `${least}至${most}`,
  wasNow: (value: string) => `原为${value}`,
  differs: "改动",
  turnsTo: (name: string, was: string, is: string) => `${name}：${was} → ${is}`,
  nothingDiffers: "没有改动。",
  wholeNumber: "请填写整数。",
  needsDate: "请选择日期。",
  needsTime: "请填写四个时间。",
};

// Words of the frames of both entries.
export const frame = {
  platform: "统一诉求平台",
  desk: "诉求办理工作台",
  skip: "跳到正文",
  large: "大字版",
  normal: "标准版",
  signIn: "登录",
  signOut: "退出",
  signInFailed: "登录没有完成，请重新登录。",
  signedOut: "登录已到期，请重新登录。已填写的内容保留在本页。",
  retry: "重试",
  close: "关闭",
  cancel: "取消",
  loading: "正在加载…",
  traceId: "报错码（求助时请提供）",
  article: "依据",
};

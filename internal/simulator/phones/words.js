// The words of the phone itself, in the language that its owner chose. The bot's words are the bot's.

const en = {
  person: "Person", language: "Language", bot: "bot", blocked: "blocked", offline: "no connection", typing: "typing…", busy: "sending…",
  block: "Block the bot", unblock: "Unblock", cancel: "Cancel", start: "Start", restart: "Unblock and write again", commands: "Commands", attach: "Attach",
  message: "Message", voice: "Send a sample voice note", send: "Send", ok: "OK", where: "Share a location", lat: "Latitude", lon: "Longitude",
  share: "Share", file: "Photo or file", location: "Location", contact: "My phone number", reply: "Reply", edit: "Edit", edited: "edited",
  photo: "Photo", voiceNote: "Voice note", live: "Live location", liveFor: "Live, for 15 minutes", move: "Move", stop: "Stop", you: "You", empty: "No messages yet", news: "New messages",
};

const hans = {
  person: "人物", language: "语言", bot: "机器人", blocked: "已屏蔽", offline: "未连接", typing: "正在输入…", busy: "正在发送…",
  block: "屏蔽机器人", unblock: "解除屏蔽", cancel: "取消", start: "开始", restart: "解除屏蔽并继续", commands: "命令", attach: "附件",
  message: "输入消息", voice: "发送一段语音样例", send: "发送", ok: "好", where: "发送位置", lat: "纬度", lon: "经度",
  share: "发送", file: "照片或文件", location: "位置", contact: "我的电话号码", reply: "回复", edit: "修改", edited: "已修改",
  photo: "照片", voiceNote: "语音", live: "实时位置", liveFor: "实时位置，15分钟", move: "移动", stop: "停止", you: "我", empty: "还没有消息", news: "新消息",
};

const hant = {
  ...hans, language: "語言", bot: "機械人", blocked: "已封鎖", offline: "未連線", typing: "正在輸入…", busy: "正在傳送…", block: "封鎖機械人",
  unblock: "解除封鎖", start: "開始", restart: "解除封鎖並繼續", message: "輸入訊息", voice: "傳送一段語音樣本", send: "傳送", where: "傳送位置",
  lat: "緯度", lon: "經度", share: "傳送", file: "相片或檔案", contact: "我的電話號碼", reply: "回覆", edit: "修改", photo: "相片",
  voiceNote: "語音", live: "即時位置", liveFor: "即時位置，15 分鐘", move: "移動", stop: "停止", empty: "還沒有訊息", news: "新訊息",
};

// wordsFor gives the words for an IETF tag; other languages get English.
export function wordsFor(tag) {
  if (/^zh-(hant|hk|tw|mo)/i.test(tag)) return hant;
  return /^zh/i.test(tag) ? hans : en;
}

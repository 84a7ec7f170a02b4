// A phone each: shows what the server sends, and tells it what was done.
"use strict";

const element = (tag, className, text) => {
  const e = document.createElement(tag);
  if (className) e.className = className;
  if (text !== undefined) e.textContent = text;
  return e;
};

// Links of the form t.me/<bot>?start=<code> start the bot; everything else stays text.
const link = /(?:https?:\/\/)?t\.me\/\w+\?start=(\w+)/;

class Phone {
  constructor(root) {
    this.root = root;
    this.at = "/phones/" + root.dataset.phone + "/";
    this.toasts = -1;
    this.shown = "";
    for (const name of ["chat", "typing", "keyboard", "quote", "more", "write", "toast", "language"]) this[name] = root.querySelector("." + name);
    this.input = this.write.querySelector("textarea");
    this.listen();
    new EventSource(this.at + "live").onmessage = event => this.draw(JSON.parse(event.data));
  }

  do(deed) {
    return fetch(this.at + "do", {method: "POST", body: JSON.stringify(deed)});
  }

  listen() {
    const send = this.write.querySelector(".send"), voice = this.write.querySelector(".voice");
    const turn = () => { send.hidden = !this.input.value.trim(); voice.hidden = !send.hidden; };
    this.input.addEventListener("input", turn);
    this.input.addEventListener("keydown", event => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.write.requestSubmit(); }
    });
    this.write.addEventListener("submit", event => {
      event.preventDefault();
      const text = this.input.value.trim();
      if (!text) return;
      this.do(this.quoted ? {do: "reply", message: this.quoted, text} : {do: "send", text});
      this.input.value = "";
      this.unquote();
      turn();
    });
    voice.addEventListener("click", () => this.do({do: "voice"}));
    this.write.querySelector(".clip").addEventListener("click", () => { this.more.hidden = !this.more.hidden; });
    this.more.addEventListener("click", event => {
      const b = event.target.closest("button");
      if (!b) return;
      this.more.hidden = true;
      this.do(b.dataset.do ? {do: b.dataset.do} : {do: "locate", lat: +b.dataset.lat, lon: +b.dataset.lon});
    });
    this.more.querySelector("input").addEventListener("change", event => this.attach(event.target));
    this.quote.querySelector("button").addEventListener("click", () => this.unquote());
    this.language.addEventListener("change", () => this.do({do: "language", text: this.language.value}));
  }

  async attach(input) {
    const file = input.files[0];
    if (!file || file.size > 20 * 1024 * 1024) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    this.do({do: file.type.startsWith("image/") ? "photo" : "document", name: file.name, file: btoa(text)});
    input.value = "";
    this.more.hidden = true;
  }

  unquote() { this.quoted = 0; this.quote.hidden = true; }

  draw(screen) {
    this.language.value = screen.language.startsWith("zh") ? "zh-hans" : "en";
    this.typing.hidden = !screen.typing;
    const now = JSON.stringify(screen.messages);
    if (now !== this.shown) {
      const end = this.chat.scrollHeight - this.chat.scrollTop - this.chat.clientHeight < 80;
      this.chat.replaceChildren(...(screen.messages || []).map(m => this.message(m)));
      if (end || !this.shown) this.chat.scrollTop = this.chat.scrollHeight;
      this.shown = now;
    }
    this.board(screen.keyboard);
    const toasts = screen.toasts || [];
    if (this.toasts >= 0 && toasts.length > this.toasts) this.say(toasts[toasts.length - 1]);
    this.toasts = toasts.length;
  }

  say(text) {
    this.toast.textContent = text;
    this.toast.hidden = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.toast.hidden = true; }, 4000);
  }

  message(m) {
    const item = element("li", m.from.is_bot ? "" : "mine");
    const bubble = element("div", "bubble");
    if (m.reply_to_message) bubble.append(element("span", "quoted", words(m.reply_to_message)));
    this.text(bubble, words(m));
    bubble.append(element("time", "", new Date(m.date * 1000).toTimeString().slice(0, 5)));
    bubble.addEventListener("click", () => {
      this.quoted = m.message_id;
      this.quote.querySelector("span").textContent = words(m);
      this.quote.hidden = false;
      this.input.focus();
    });
    item.append(bubble);
    if (m.reply_markup) {
      const rows = element("div", "buttons");
      for (const row of m.reply_markup.inline_keyboard) {
        const line = element("div");
        for (const b of row) {
          const button = element("button", "", b.text);
          button.addEventListener("click", () => this.do({do: "press", message: m.message_id, data: b.callback_data}));
          line.append(button);
        }
        rows.append(line);
      }
      item.append(rows);
    }
    return item;
  }

  text(into, text) {
    const found = link.exec(text);
    if (!found) { into.append(text); return; }
    const a = element("a", "", found[0]);
    a.href = "#";
    a.addEventListener("click", event => { event.preventDefault(); event.stopPropagation(); this.do({do: "send", text: "/start " + found[1]}); });
    into.append(text.slice(0, found.index), a);
    this.text(into, text.slice(found.index + found[0].length));
  }

  board(keyboard) {
    const rows = keyboard && keyboard.keyboard || [];
    this.keyboard.hidden = !rows.length;
    this.keyboard.replaceChildren(...rows.flat().map(b => {
      const button = element("button", "", b.text);
      button.type = "button";
      button.addEventListener("click", () => {
        if (b.request_location) this.more.hidden = false;
        else this.do(b.request_contact ? {do: "contact"} : {do: "send", text: b.text});
      });
      return button;
    }));
  }
}

// words are what a message shows.
function words(m) {
  const parts = [];
  if (m.photo) parts.push("🖼");
  if (m.voice) parts.push("🎤 0:0" + m.voice.duration);
  if (m.document) parts.push("📄 " + (m.document.file_name || ""));
  if (m.location) parts.push("📍 " + m.location.latitude.toFixed(4) + ", " + m.location.longitude.toFixed(4));
  if (m.contact) parts.push("👤 " + m.contact.first_name + " " + m.contact.phone_number);
  const text = m.text || m.caption;
  if (text) parts.push(text);
  return parts.join("\n");
}

for (const root of document.querySelectorAll(".phone")) new Phone(root);

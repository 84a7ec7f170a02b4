// One phone: it shows the screen that the simulator sends, and tells the simulator what is done on it.
import { draw, summary } from "./message.js";
import { Writing } from "./writing.js";
import { wordsFor } from "./words.js";

const toastTime = 4000; // ms, or longer for more to read
const actionTime = 5000; // ms that "typing…" stands without being sent again

// initials stand in for a picture: a letter, or two of a Chinese name's.
const initials = (name) => [...name].slice(0, /^\p{Script=Han}{2}/u.test(name) ? 2 : 1).join("");

export class Phone {
  constructor(section) {
    this.section = section;
    this.find = (selector) => section.querySelector(selector);
    this.chat = this.find(".chat");
    this.onNews = () => {};
    this.low = true; // the last message is in view, and is to stay so
    this.chat.onscroll = () => {
      this.low = this.chat.scrollHeight - this.chat.scrollTop - this.chat.clientHeight < 80;
      if (this.low) this.find(".down").hidden = true;
    };
    this.find(".down").onclick = () => { this.low = true; this.stick(); };
    this.chat.addEventListener("load", () => this.stick(), true); // a picture has come
    new ResizeObserver(() => this.stick()).observe(this.chat);
    this.writing = new Writing(this);
    this.find(".person").onchange = () => this.connect();
    this.find(".language").onchange = (event) => this.do("language", { code: event.target.value });
    this.find(".block").onclick = () => this.do("block", { blocked: !this.screen.blocked });
    this.find(".start").onclick = () => this.start();
    this.connect();
  }

  // connect shows the chat of the chosen person.
  connect() {
    this.events?.close();
    this.address = `/phones/${this.section.dataset.slug}/${this.find(".person").value}/`;
    this.shown = new Map(); // message number → {source, element}
    this.answered = undefined;
    this.chat.replaceChildren();
    this.writing.clear();
    this.events = new EventSource(this.address + "events");
    this.events.onmessage = (event) => this.show(JSON.parse(event.data));
    this.events.onerror = () => this.status(this.words?.offline ?? "…", false);
  }

  // stick keeps the last message in view, unless somebody reads further up.
  stick() {
    if (this.low) this.chat.scrollTop = this.chat.scrollHeight;
  }

  // do asks for a deed, and shows why not when it wasn't done. It is true when it was.
  async do(deed, fields = {}) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) form.append(name, one);
    try {
      const response = await fetch(this.address + deed, { method: "POST", body: form });
      if (!response.ok) this.toast(await response.text());
      return response.ok;
    } catch {
      this.toast(this.words.offline);
      return false;
    }
  }

  // start begins or goes on: with the page's ?start=… the first time, as a deep link would.
  async start() {
    const param = this.screen.started ? undefined : new URLSearchParams(location.search).get("start");
    if (this.screen.blocked && !(await this.do("block", { blocked: false }))) return;
    if (!this.screen.started || param) await this.do("start", { param: param ?? "" });
  }

  show(screen) {
    this.screen = screen;
    this.translate(screen.me.language_code ?? "");
    this.find(".bot").textContent = screen.bot.first_name;
    this.find(".face").textContent = initials(screen.bot.first_name);
    this.showAction(screen);
    this.showMessages(screen);
    this.showAnswers(screen.answers ?? []);
    const closed = !screen.started || screen.blocked;
    this.find(".start").hidden = !closed;
    this.find(".start").textContent = screen.blocked ? this.words.restart : this.words.start;
    this.find(".block").hidden = !screen.started;
    this.writing.show(screen, closed);
  }

  // translate puts the phone's own words into its owner's language.
  translate(tag) {
    if (this.tag === tag) return;
    this.tag = tag;
    this.words = wordsFor(tag);
    this.section.lang = tag;
    this.shown.clear();
    this.chat.replaceChildren();
    this.chat.ariaLabel = this.section.ariaLabel;
    const select = this.find(".language");
    select.value = this.words === wordsFor("en") ? "en" : this.words === wordsFor("zh") ? "zh-hans" : "zh-hant";
    for (const e of this.section.querySelectorAll("[data-word]")) e.textContent = this.words[e.dataset.word];
    for (const e of this.section.querySelectorAll("[data-word-title]")) {
      e.title = e.ariaLabel = this.words[e.dataset.wordTitle];
      if ("placeholder" in e) e.placeholder = e.title;
    }
  }

  showAction(screen) {
    clearTimeout(this.acting);
    const idle = screen.blocked ? this.words.blocked : this.words.bot;
    if (!screen.action) return this.status(idle, false);
    this.status(screen.action === "typing" ? this.words.typing : this.words.busy, true);
    this.acting = setTimeout(() => this.status(idle, false), actionTime);
  }

  status(text, busy) {
    this.find(".status").textContent = text;
    this.find(".status").classList.toggle("busy", busy);
  }

  // showMessages draws what is new or changed, and takes away what is gone.
  showMessages(screen) {
    const view = { words: this.words, bot: screen.bot.username, me: screen.me.id, files: this.address + "files/", act: (wish) => this.act(wish) };
    const first = this.shown.size === 0;
    const gone = new Set(this.shown.keys());
    let news = false;
    for (const m of screen.messages) {
      gone.delete(m.message_id);
      const source = JSON.stringify(m), old = this.shown.get(m.message_id);
      if (old?.source === source) continue;
      const element = draw(m, view);
      if (old) old.element.replaceWith(element);
      else this.chat.append(element);
      news ||= m.from.is_bot;
      this.shown.set(m.message_id, { source, element });
    }
    for (const id of gone) {
      this.shown.get(id).element.remove();
      this.shown.delete(id);
    }
    this.low ||= first;
    this.stick();
    if (news && !this.low) this.find(".down").hidden = false;
    if (news && !first) this.onNews();
  }

  // showAnswers shows the answers to presses that came since the page was opened.
  showAnswers(answers) {
    const fresh = answers.slice(this.answered ?? answers.length);
    this.answered = answers.length;
    if (fresh.length > 0) this.section.querySelectorAll(".waiting").forEach((b) => b.classList.remove("waiting"));
    for (const { text, alert } of fresh) {
      if (text && alert) this.alert(text);
      else if (text) this.toast(text);
    }
  }

  toast(text) {
    const toast = this.find(".toast");
    toast.textContent = text.trim();
    toast.hidden = false;
    clearTimeout(this.toasting);
    this.toasting = setTimeout(() => { toast.hidden = true; }, toastTime + 50 * text.length);
  }

  alert(text) {
    const dialog = this.find(".alert");
    dialog.querySelector("p").textContent = text;
    this.open(dialog);
  }

  // open shows a dialog in the middle of this phone.
  open(dialog) {
    const { left, width } = this.section.getBoundingClientRect();
    dialog.style.left = `${left + width / 2}px`;
    if (!dialog.open) dialog.showModal();
  }

  // act does what is asked for within a message.
  act(wish) {
    if (wish.press !== undefined) {
      wish.on.classList.add("waiting");
      this.do("press", { message_id: wish.from.message_id, data: wish.press }).then((done) => { if (!done) wish.on.classList.remove("waiting"); });
    } else if (wish.start !== undefined) this.do("start", { param: wish.start });
    else if (wish.command) this.do("send", { text: wish.command });
    else if (wish.move) this.writing.where(wish.move);
    else if (wish.stop) this.do("stop", { message_id: wish.stop.message_id });
    else if (wish.show) this.flash(wish.show);
    else if (wish.reply) this.writing.about("reply", wish.reply, summary(wish.reply, this.words));
    else if (wish.edit) this.writing.about("edit", wish.edit, wish.edit.text);
  }

  // flash points at a message that was quoted.
  flash(id) {
    const element = this.shown.get(id)?.element;
    if (!element) return;
    element.scrollIntoView({ block: "center" });
    element.classList.remove("flash");
    requestAnimationFrame(() => element.classList.add("flash"));
  }
}

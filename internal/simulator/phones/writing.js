// What a phone is written with: text, attachments, the bot's keyboard, replies and corrections.
import { el, icon } from "./dom.js";

const maxFile = 20 * 2 ** 20; // bytes: what a bot can fetch
const maxFiles = 10; // of an album

export class Writing {
  constructor(phone) {
    this.phone = phone;
    this.find = phone.find;
    this.text = this.find("textarea");
    this.text.oninput = () => this.fit();
    this.text.onkeydown = (event) => this.key(event);
    this.find(".write").onsubmit = (event) => { event.preventDefault(); this.submit(); };
    this.find(".voice").onclick = () => phone.do("voice");
    this.find(".clip").onclick = () => this.menu(this.attachments());
    this.find(".commands").onclick = () => this.menu(this.commands());
    this.find(".context button").onclick = () => this.clear();
    this.find(".file").onchange = (event) => this.sendFiles(event.target);
    document.addEventListener("click", (event) => { if (!event.target.closest(".menu, .clip, .commands")) this.closeMenu(); });
    phone.section.addEventListener("keydown", (event) => { if (event.key === "Escape") this.closeMenu(); });
    this.location();
  }

  // show puts up the bot's keyboard, and hides everything when one can't write.
  show(screen, closed) {
    this.find(".write").hidden = closed;
    this.find(".commands").hidden = !screen.commands?.length;
    const keys = this.find(".keys"), rows = closed ? [] : screen.keyboard?.keyboard ?? [];
    keys.hidden = rows.length === 0;
    const source = JSON.stringify(rows);
    if (this.rows !== source) keys.replaceChildren(...rows.map((row) => el("div", {}, ...row.map((k) => this.keyboardKey(k)))));
    this.rows = source;
    this.text.placeholder = screen.keyboard?.input_field_placeholder || this.phone.words.message;
  }

  keyboardKey(k) {
    const pressed = () => {
      if (k.request_location) this.where();
      else if (k.request_contact) this.phone.do("contact");
      else this.phone.do("send", { text: k.text });
    };
    return el("button", { type: "button", onclick: pressed }, k.text);
  }

  // fit makes the field as high as its text, and shows the button that fits.
  fit() {
    const empty = this.text.value.trim() === "";
    if (empty) this.text.value = "";
    this.text.style.height = "auto";
    if (this.text.scrollHeight > 0) this.text.style.height = `${this.text.scrollHeight}px`; // 0 where its phone is out of sight
    this.find(".send").hidden = empty;
    this.find(".voice").hidden = !empty;
  }

  // key sends with Enter; Shift+Enter is a new line, and an input method's Enter is its own.
  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }

  async submit() {
    const text = this.text.value.trim(), { kind, id } = this;
    if (text === "") return;
    this.clear();
    const done = kind === "edit" ? await this.phone.do("edit", { message_id: id, text }) : await this.phone.do("send", { text, reply_to: id ?? "" });
    if (!done) {
      this.text.value = text;
      this.fit();
    }
  }

  // about makes what is written next a reply to a message, or its correction.
  about(kind, message, summary) {
    this.kind = kind;
    this.id = message.message_id;
    this.find(".context").hidden = false;
    this.find(".context strong").textContent = this.phone.words[kind];
    this.find(".context span").textContent = summary;
    if (kind === "edit") this.text.value = message.text;
    this.fit();
    this.text.focus();
  }

  clear() {
    this.kind = this.id = undefined;
    this.find(".context").hidden = true;
    this.text.value = "";
    this.fit();
  }

  menu(items) {
    const menu = this.find(".menu"), open = !menu.hidden;
    this.closeMenu();
    if (open && menu.dataset.of === items.name) return;
    menu.dataset.of = items.name;
    menu.replaceChildren(...items.buttons);
    menu.hidden = false;
    this.find(".clip").ariaExpanded = String(items.name === "attach");
    menu.querySelector("button")?.focus();
  }

  closeMenu() {
    this.find(".menu").hidden = true;
    this.find(".clip").ariaExpanded = "false";
  }

  item(run, ...content) {
    return el("button", { type: "button", onclick: () => { this.closeMenu(); run(); } }, ...content);
  }

  attachments() {
    const { words } = this.phone;
    return { name: "attach", buttons: [
      this.item(() => this.find(".file").click(), icon("file"), words.file),
      this.item(() => this.where(), icon("pin"), words.location),
      this.item(() => this.phone.do("contact"), icon("person"), words.contact),
    ] };
  }

  commands() {
    const buttons = (this.phone.screen.commands ?? []).map((c) =>
      this.item(() => this.phone.do("send", { text: `/${c.command}` }), el("span", {}, `/${c.command} `, el("small", {}, c.description))));
    return { name: "commands", buttons };
  }

  // sendFiles sends the chosen files, with what is written as their caption. Several pictures are an album.
  async sendFiles(input) {
    const file = [...input.files];
    input.value = "";
    if (file.length === 0) return;
    if (file.length > maxFiles || file.some((f) => f.size > maxFile)) return this.phone.toast("≤ 10 × 20 MB");
    const text = this.text.value;
    this.clear();
    await this.phone.do("file", { file, text });
  }

  // where asks for a place: to share, or for a live location to move to.
  where(live) {
    this.moving = live?.message_id;
    const checkbox = this.find(".where [name=live]");
    checkbox.checked = false;
    checkbox.closest("label").hidden = this.moving !== undefined;
    this.phone.open(this.find(".where"));
  }

  // location is the dialog to choose or enter a place.
  location() {
    const dialog = this.find(".where"), form = dialog.querySelector("form");
    const share = (lat, lon) => {
      dialog.close();
      if (this.moving !== undefined) this.phone.do("move", { message_id: this.moving, lat, lon });
      else this.phone.do(form.elements.live.checked ? "live" : "location", { lat, lon });
    };
    for (const b of dialog.querySelectorAll(".places button")) b.onclick = () => share(b.dataset.lat, b.dataset.lon);
    form.querySelector(".quiet").onclick = () => dialog.close();
    form.onsubmit = (event) => { event.preventDefault(); share(form.elements.lat.value, form.elements.lon.value); };
  }
}

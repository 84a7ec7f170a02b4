// One message as it stands in the chat.
import { el, icon } from "./dom.js";
import { formatted, link } from "./text.js";

const timeZone = "Asia/Shanghai"; // where its people are, and what the bot says the time in

// summary is a message in a line, for quotes.
export function summary(m, words) {
  if (m.text || m.caption) return m.text || m.caption;
  if (m.photo) return words.photo;
  if (m.voice) return words.voiceNote;
  if (m.document) return m.document.file_name;
  if (m.location) return words.location;
  return m.contact ? m.contact.phone_number : "…";
}

// draw makes a message's element. view has words, bot, mine, files (their address) and act, which takes what is
// asked for: {press, from}, {reply}, {edit}, {show}, {start}, {command}.
export function draw(m, view) {
  const mine = m.from.id === view.me;
  const bubble = el("div", { className: "bubble" });
  if (m.reply_to_message) bubble.append(quote(m.reply_to_message, view));
  bubble.append(...content(m, view));
  const text = m.text ?? m.caption;
  if (text) bubble.append(el("span", { className: "words" }, ...formatted(text, m.entities ?? m.caption_entities, view.bot, view.act)));
  bubble.append(time(m, view.words));
  const item = el("div", { className: mine ? "message mine" : "message", tabIndex: -1, "data-id": m.message_id }, bubble, tools(m, mine, view));
  if (m.reply_markup) item.append(inline(m, view));
  return item;
}

function quote(m, view) {
  return el("button", { type: "button", className: "quote", onclick: () => view.act({ show: m.message_id }) }, summary(m, view.words));
}

function content(m, view) {
  if (m.photo) return [el("img", { src: view.files + m.photo.at(-1).file_id, alt: view.words.photo, loading: "lazy" })];
  if (m.voice) return [el("audio", { controls: true, preload: "metadata", src: view.files + m.voice.file_id, "aria-label": view.words.voiceNote })];
  if (m.document) {
    const name = el("a", { href: view.files + m.document.file_id, download: m.document.file_name }, m.document.file_name || "…");
    return [thing("file", name, size(m.document.file_size ?? 0))];
  }
  if (m.location) {
    const { latitude, longitude, live_period: live } = m.location;
    const shown = thing("pin", live ? view.words.live : view.words.location, `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`);
    return live && m.from.id === view.me ? [shown, liveTools(m, view)] : [shown];
  }
  if (m.contact) return [thing("person", m.contact.first_name, m.contact.phone_number)];
  return [];
}

// liveTools move a live location of one's own, and end it.
function liveTools(m, view) {
  const tool = (word, wish) => el("button", { type: "button", onclick: () => view.act(wish) }, word);
  return el("div", { className: "live-tools" }, tool(view.words.move, { move: m }), tool(view.words.stop, { stop: m }));
}

function thing(kind, title, detail) {
  return el("div", { className: "thing" }, icon(kind), el("div", {}, title, el("small", {}, detail)));
}

function size(bytes) {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function time(m, words) {
  const date = new Date(m.date * 1000);
  const clock = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });
  return el("time", { dateTime: date.toISOString(), title: date.toLocaleString([], { timeZone }) }, m.edit_date ? `${words.edited} ${clock}` : clock);
}

function tools(m, mine, view) {
  const tool = (name, wish) =>
    el("button", { type: "button", className: "icon", title: view.words[name], ariaLabel: view.words[name], onclick: () => view.act(wish) }, icon(name));
  const shown = [tool("reply", { reply: m })];
  if (mine && m.text) shown.push(tool("edit", { edit: m }));
  return el("div", { className: "tools" }, ...shown);
}

function inline(m, view) {
  const button = (b) => {
    if (b.url) return link(b.url, [`${b.text} ↗`], view.bot, view.act);
    return el("button", { type: "button", onclick: (event) => view.act({ press: b.callback_data, from: m, on: event.target }) }, b.text);
  };
  const rows = m.reply_markup.inline_keyboard.map((row) => el("div", {}, ...row.map(button)));
  return el("div", { className: "inline" }, ...rows);
}

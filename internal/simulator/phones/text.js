// Formatted text: Telegram's entities count in UTF-16 units, as JavaScript's strings do.
import { el } from "./dom.js";

const tags = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote", spoiler: "span",
};

// formatted gives the nodes of a text. act takes what its links and commands ask for: {start}, {command}.
export function formatted(text, entities = [], bot, act) {
  return between(text, 0, text.length, entities, bot, act);
}

// between formats a part. Of entities that overlap without one holding the other, the later is left out.
function between(text, from, to, entities, bot, act) {
  const nodes = [];
  let at = from;
  entities.forEach((e, i) => {
    const end = Math.min(e.offset + e.length, to);
    if (e.offset < at || end <= e.offset) return;
    if (e.offset > at) nodes.push(text.slice(at, e.offset));
    const inner = entities.slice(i + 1).filter((o) => o.offset >= e.offset && o.offset + o.length <= end);
    nodes.push(wrap(e, text.slice(e.offset, end), between(text, e.offset, end, inner, bot, act), bot, act));
    at = end;
  });
  if (at < to) nodes.push(text.slice(at, to));
  return nodes;
}

function wrap(entity, text, nodes, bot, act) {
  switch (entity.type) {
    case "url":
    case "text_link":
      return link(entity.url ?? text, nodes, bot, act);
    case "bot_command":
      return el("button", { type: "button", onclick: () => act({ command: text }) }, ...nodes);
    case "spoiler":
      return el("span", { className: "spoiler", tabIndex: 0 }, ...nodes);
    default:
      return el(tags[entity.type] ?? "span", {}, ...nodes);
  }
}

// link opens a page, or the bot when it is one of the bot's own deep links. Nothing but the web is linked.
export function link(address, nodes, bot, act) {
  const href = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`;
  const deep = href.match(/^https?:\/\/(?:t|telegram)\.me\/(\w+)\/?(?:\?(.*))?$/i);
  if (deep && deep[1].toLowerCase() === bot.toLowerCase()) {
    const start = new URLSearchParams(deep[2]).get("start") ?? "";
    return el("a", { href: "#", onclick: (event) => { event.preventDefault(); act({ start }); } }, ...nodes);
  }
  if (!/^https?:/i.test(href)) return el("span", {}, ...nodes);
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...nodes);
}

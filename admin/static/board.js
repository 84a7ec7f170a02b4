// The board: keys that act on the item that has the focus, forms that leave the place in the list, and what is new from the
// server. Without it, all of it works by links and forms.
"use strict";
const board = document.querySelector("[data-board]"), items = document.getElementById("items"), told = document.getElementById("told"),
  keys = document.getElementById("keys");
let version = board.dataset.board, here = null; // the item that has, or last had, the focus
const all = () => [...items.children];
const go = (item) => { item?.querySelector("h2 a").focus({preventScroll: true}); item?.scrollIntoView({block: "nearest"}); };

// inPlace changes the list; whose item is gone goes on with the one that came after it.
const inPlace = (change) => {
  const index = all().indexOf(here), within = here?.contains(document.activeElement);
  redraw(change);
  if (!here || here.isConnected) return;
  here = null;
  if (within) { const next = all()[Math.min(index, all().length - 1)]; if (next) go(next); else document.querySelector("h1").focus(); }
};

// What is new.
const take = (news) => inPlace(() => {
  version = news.version;
  for (const item of all()) { if (!news.order.includes(item.id)) { if (inUse(item)) item.classList.add("gone"); else item.remove(); } }
  let at = items.firstElementChild;
  for (const id of news.order) {
    const html = news.items[id], fresh = html && parse(html).getElementById(id);
    let item = document.getElementById(id);
    while (at?.classList.contains("gone")) at = at.nextElementSibling;
    if (item && fresh) morph(item, fresh);
    if (item === at && item) { at = at.nextElementSibling; continue; }
    item ??= fresh;
    if (item) items.insertBefore(item, at);
  }
  for (const [id, html] of Object.entries(news.parts)) morphChildren(document.getElementById(id), parse(html).body);
  document.title = `${news.titled} · ${document.querySelector("header .name").textContent}`;
  const count = document.getElementById("troubles");
  if (count) count.textContent = news.count;
});
const address = () => {
  const query = new URLSearchParams(location.search);
  query.set("board", "1");
  query.set("version", version);
  if (here) query.set("ref", here.dataset.ref);
  return "/admin/live?" + query;
};
const hear = (event) => take(JSON.parse(event.data));
let end = follow(address, "board", hear);

// Where the reader is, others see once it is for longer than a moment.
let settle;
items.addEventListener("focusin", (event) => {
  const item = event.target.closest(".item");
  if (item === here) return;
  here = item;
  clearTimeout(settle);
  settle = setTimeout(() => { end(); end = follow(address, "board", hear); }, 700);
});

// say tells for a moment what was done to an item: it may have left the list.
let said;
const say = (item, what) => {
  clearTimeout(said);
  const link = Object.assign(document.createElement("a"), {href: "/admin/requests/" + item.dataset.ref, textContent: item.dataset.ref});
  told.className = "done";
  told.replaceChildren("✓ ", link, " · " + what.trim());
  said = setTimeout(() => told.replaceChildren(), 8000);
};
const warn = (words) => { clearTimeout(said); told.className = ""; told.textContent = words; };

// takeAll draws what an answered form leads back to.
const takeAll = (page, form) => inPlace(() => {
  form.reset();
  for (const id of ["items", "reasons", "rest", "beside"]) morphChildren(document.getElementById(id), page.getElementById(id));
});

// A form leaves its reader in the list. What the server asks back is asked in full.
items.addEventListener("submit", async (event) => {
  const form = event.target, button = event.submitter, item = form.closest(".item");
  if (form.dataset.plain) return;
  event.preventDefault();
  if (item.ariaBusy) return;
  item.ariaBusy = "true";
  warn("");
  const chosen = button?.value ? null : form.querySelector("select")?.selectedOptions[0], what = (chosen ?? button)?.textContent ?? "";
  const data = new URLSearchParams(new FormData(form, button));
  data.set("back", location.pathname + location.search);
  try {
    const response = await fetch(button?.getAttribute("formaction") ?? form.getAttribute("action"), {method: "POST", body: data, headers: {"Onedoor-Redraw": "1"}});
    const page = parse(await response.text()), next = page.getElementById("items");
    if (next) {
      say(item, what);
      takeAll(page, form);
    } else if (response.redirected) location.reload();
    else if (response.ok) { form.dataset.plain = "yes"; form.requestSubmit(button); }
    else warn((page.querySelector("main [role=alert] .problem") ?? page.querySelector("main")).textContent.trim());
  } catch { form.dataset.plain = "yes"; form.requestSubmit(button); }
  item.ariaBusy = null;
});

// An answer is written over the list, where nobody has to heed something first: then the request's page says what.
const reply = document.getElementById("reply"), words = reply?.querySelector("textarea");
items.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-answers]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const item = link.closest(".item"), form = reply.querySelector("form"), ref = form.querySelector("a"), was = form.action;
  form.action = link.pathname + "/answer";
  if (form.action !== was) form.reset(); // else it goes on
  form.elements.seen.value = link.dataset.answers;
  ref.href = link.pathname;
  ref.textContent = item.dataset.ref;
  form.querySelector("blockquote").textContent = item.querySelector("blockquote")?.textContent ?? "";
  form.querySelector(".problem").textContent = "";
  reply.showModal();
  words.focus();
});
reply?.querySelector("[value=no]").addEventListener("click", () => reply.close());
reply?.addEventListener("submit", async (event) => {
  const form = event.target, problem = form.querySelector(".problem"), ref = form.querySelector("a");
  event.preventDefault();
  if (form.ariaBusy) return;
  form.ariaBusy = "true";
  const data = new URLSearchParams(new FormData(form));
  data.set("back", location.pathname + location.search);
  try {
    const response = await fetch(form.action, {method: "POST", body: data}), page = parse(await response.text());
    if (page.getElementById("items")) {
      reply.close();
      say({dataset: {ref: ref.textContent}}, form.querySelector("button").textContent);
      takeAll(page, form);
    } else problem.textContent = (page.querySelector("main [role=alert] .problem") ?? page.querySelector("main")).textContent.trim();
  } catch { form.submit(); }
  form.ariaBusy = null;
});

// Keys, for who hasn't switched them off.
const on = document.getElementById("keys-on");
on.checked = localStorage.getItem("keys") !== "off";
on.addEventListener("change", () => localStorage.setItem("keys", on.checked ? "on" : "off"));
keys.hidden = false;
const move = (by) => {
  const list = all(), index = list.indexOf(here);
  go(list[index < 0 ? 0 : Math.min(Math.max(index + by, 0), list.length - 1)]);
};
const showKeys = () => {
  keys.open = !keys.open;
  if (keys.open) keys.querySelector("summary").focus(); else if (here?.isConnected) go(here);
};
document.addEventListener("keydown", (event) => {
  if (!on.checked || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.(fields) && event.target !== on) {
    if (event.key === "Escape" && here?.contains(event.target)) go(here);
    return;
  }
  if (event.key === "?" || event.key === "Escape" && keys.open) { showKeys(); event.preventDefault(); return; }
  const by = {j: 1, ArrowDown: 1, k: -1, ArrowUp: -1}[event.key];
  if (by) { move(by); event.preventDefault(); return; }
  const act = /^[a-z0-9]$/i.test(event.key) && !event.repeat && here?.isConnected && here.querySelector(`[data-key="${event.key}"]`);
  if (!act) return;
  event.preventDefault();
  if (act.matches("summary")) { act.parentElement.open = true; act.nextElementSibling.focus(); }
  else if (act.matches("select, [data-careful]")) act.focus(); else act.click(); // what ends or takes something away needs Enter, too
});

// Draws the live parts of a page anew when the server says that something has changed. Only what differs is touched: what
// somebody types, has chosen or unfolded, and where the focus is, stays. Without it, the page is as it was when it was loaded.
"use strict";
const fields = "input, select, textarea";
const touched = (f) => "typed" in f.dataset || (f.matches("select") ? f.selectedIndex !== Math.max(0, [...f.options].findIndex((o) => o.defaultSelected))
  : /^(checkbox|radio)$/.test(f.type) ? f.checked !== f.defaultChecked : f.value !== f.defaultValue);
const inUse = (node) => node.nodeType === 1 && [node, ...node.querySelectorAll(fields)].some((f) => f.matches(fields) && touched(f));
const nameOf = (node) => node.nodeType !== 1 ? node.nodeName
  : `${node.nodeName} ${node.id || node.getAttribute("action") || node.getAttribute("name") || ""}`;

// morph makes a node like a fresh one.
const morph = (old, fresh) => {
  if (old.nodeType !== 1) { if (old.data !== fresh.data) old.data = fresh.data; return; }
  if ("typed" in old.dataset) return; // what came back with a form
  const kept = old.matches("details") ? "open" : "";
  for (const {name} of [...old.attributes]) { if (name !== kept && !fresh.hasAttribute(name)) old.removeAttribute(name); }
  for (const {name, value} of fresh.attributes) { if (name !== kept && old.getAttribute(name) !== value) old.setAttribute(name, value); }
  if (!(old.matches("select, textarea") && touched(old))) morphChildren(old, fresh);
};

// morphChildren makes what is in a node like what is in a fresh one. What is gone but in use stays, marked.
const morphChildren = (old, fresh) => {
  const known = Map.groupBy ? Map.groupBy(old.childNodes, nameOf) : new Map();
  const pairs = [...fresh.childNodes].map((next) => [known.get(nameOf(next))?.shift(), next]);
  for (const node of [...known.values()].flat()) { if (inUse(node)) node.classList.add("gone"); else node.remove(); }
  if (!Map.groupBy) old.replaceChildren();
  let at = old.firstChild;
  for (const [same, next] of pairs) {
    while (at?.classList?.contains("gone") && at !== same) at = at.nextSibling;
    if (same && same === at) at = at.nextSibling; else old.insertBefore(same ?? next, at);
    if (same) morph(same, next);
  }
};

// redraw changes the page and puts the focus back; a link may stand elsewhere by then.
const redraw = (change) => {
  const active = document.activeElement, {selectionStart: from, selectionEnd: to} = active;
  change();
  age();
  const there = active.isConnected || !active.href ? active : [...document.querySelectorAll("main a")].find((a) => a.href === active.href);
  if (there && there !== document.activeElement && there.isConnected) {
    there.focus({preventScroll: true});
    if (typeof from === "number") there.setSelectionRange(from, to);
  }
};
const parse = (html) => new DOMParser().parseFromString(html, "text/html");

// drawPage takes over what is live in a page that was loaded anew.
const drawPage = (page) => redraw(() => {
  const parts = document.querySelectorAll("main [data-live]"), next = page.querySelectorAll("main [data-live]");
  parts.forEach((part, i) => { if (next[i]) morphChildren(part, next[i]); });
  const count = page.getElementById("troubles"), shown = document.getElementById("troubles");
  if (count && shown) shown.textContent = count.textContent;
});

// loadPage asks for the page anew, and says that nobody has opened it: null where it can't be had just now.
const loadPage = async () => {
  const response = await fetch(location.href, {headers: {Accept: "text/html", "Onedoor-Redraw": "1"}}).catch(() => null);
  if (response?.redirected && !inUse(document.body)) location.reload(); // to the login
  if (!response || response.redirected || !response.ok && response.status !== 404) return null;
  return {page: parse(await response.text()), gone: response.status === 404};
};

// idle waits for who is composing a word, as one does for Chinese.
let composing = false;
addEventListener("compositionstart", () => { composing = true; });
addEventListener("compositionend", () => { composing = false; });
const idle = async () => { while (composing) await new Promise((done) => setTimeout(done, 200)); };

// follow opens a stream and keeps it open; it returns what ends it. address gives its path each time. One that is refused is asked
// for again less and less often.
const follow = (address, event, heard) => {
  let source, timer, wait = 5000;
  const open = () => {
    source = new EventSource(address());
    source.addEventListener(event, heard);
    source.addEventListener("open", () => { wait = 5000; });
    source.addEventListener("error", () => { if (source.readyState === EventSource.CLOSED) later(); });
  };
  const later = () => { timer = setTimeout(again, wait); wait = Math.min(2 * wait, 80000); };
  const again = async () => { if (await loadPage()) open(); else later(); };
  open();
  return () => { clearTimeout(timer); source.close(); };
};

// A form that came back stands on the page of what it is about: it can be loaded anew.
const about = document.querySelector("[data-path]")?.dataset.path;
if (about) history.replaceState(null, "", about);

// arrive goes to what the address names, folded or not. Browsers do most of it, not all of them all.
const arrive = () => {
  const at = document.getElementById(location.hash.slice(1));
  for (let box = at?.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  if (at?.matches(`${fields}, button, [tabindex]`)) at.focus();
};
addEventListener("hashchange", arrive);
arrive();

if (document.querySelector("main [data-live]")) {
  let busy = false, more = false;
  const draw = async () => {
    if (busy) { more = true; return; }
    busy = true;
    const loaded = await loadPage();
    await idle();
    if (loaded?.gone) { end(); document.getElementById("main").replaceChildren(...loaded.page.getElementById("main").childNodes); }
    else if (loaded) drawPage(loaded.page);
    busy = false;
    if (more) { more = false; draw(); }
  };
  const ref = location.pathname.match(/^\/admin\/requests\/([^/]+)$/)?.[1];
  const end = follow(() => "/admin/live" + (ref ? "?ref=" + ref : ""), "change", draw);
}

// How long ago something was goes on by itself.
const age = () => {
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const s = (Date.now() - Date.parse(time.dateTime)) / 1000;
    const [n, unit] = s < 120 ? [s, "second"] : s < 7200 ? [s / 60, "minute"] : s < 172800 ? [s / 3600, "hour"] : [s / 86400, "day"];
    time.textContent = new Intl.NumberFormat(document.documentElement.lang, {style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 0}).format(n);
  }
};
setInterval(age, 30000);

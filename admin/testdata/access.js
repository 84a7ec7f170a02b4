// What a page gets wrong for people who see badly, use a keyboard or a screen reader, or hold a small phone: each a sentence.
// The numbers of WCAG 2.2 stand beside what they ask for. It is evaluated in the page, unfolds what is folded, and records
// what gets the focus.
(() => {
  "use strict";
  const problems = [];
  for (const d of document.querySelectorAll("details")) d.open = true; // what is folded is looked at, too
  document.activeElement.blur();
  const say = (e, what) => {
    const words = (e.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40);
    problems.push(`<${e.tagName.toLowerCase()}${e.id ? " id=" + e.id : ""}${e.className && typeof e.className === "string" ? " class=" + e.className : ""}${e.name ? " name=" + e.name : ""}> "${words}": ${what}`);
  };
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const shown = (e) => e.checkVisibility({checkOpacity: true, checkVisibilityCSS: true}) && e.getClientRects().length > 0;
  const onScreen = (r) => r.width > 0 && r.height > 0 && r.right > 0;

  // Colours, as [r, g, b, alpha], all of sRGB.
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const colour = (text) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const behind = (e) => { // the colour on which an element's content is painted
    const layers = [];
    for (; e; e = e.parentElement) {
      const c = colour(getComputedStyle(e).backgroundColor);
      layers.push(c);
      if (c[3] === 1) break;
    }
    const canvasColour = matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18, 1] : [255, 255, 255, 1];
    return layers.reverse().reduce((under, top) => over(top, under), canvasColour);
  };
  const light = (c) => {
    const [r, g, b] = c.slice(0, 3).map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const ratio = (text, back) => contrast(over(colour(text), back), back);

  // 1.4.3: text and its background, 4.5 to 1, or 3 to 1 where it is large.
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const e = node.parentElement;
    if (!node.data.trim() || seen.has(e) || !shown(e) || e.closest("script, style, :disabled")) continue;
    seen.add(e);
    const style = getComputedStyle(e), size = parseFloat(style.fontSize);
    const wants = size >= 24 || size >= 18.66 && style.fontWeight >= 700 ? 3 : 4.5;
    const has = ratio(style.color, behind(e));
    if (has < wants) say(e, `contrast ${has.toFixed(2)}, want ${wants}`);
  }
  // 1.4.11: what a field is told by.
  for (const e of all("input:not([type=hidden]), select, textarea").filter(shown)) {
    const style = getComputedStyle(e), around = behind(e.parentElement);
    const border = ratio(style.borderTopColor, around);
    if (e.type !== "checkbox" && e.type !== "radio" && e.type !== "file" && border < 3) say(e, `its border has contrast ${border.toFixed(2)}, want 3`);
    if (!e.disabled && ratio(style.color, behind(e)) < 4.5) say(e, "what is written in it has too little contrast");
  }

  // 4.1.2, 2.4.4: all that can be used has a name.
  const named = (e) => {
    const by = (e.getAttribute("aria-labelledby") || "").split(/\s+/).map((id) => document.getElementById(id)?.textContent || "").join("");
    const own = (e.getAttribute("aria-label") || "") + (e.title || "") + (e.type === "image" ? e.alt : "") + by;
    if (own.trim()) return true;
    if (e.matches("input:not([type=submit]):not([type=button]), select, textarea")) {
      return [...(e.labels || [])].some((l) => [...l.childNodes].some((n) => n !== e && n.textContent.trim()));
    }
    return (e.textContent + all("img[alt]", e).map((i) => i.alt).join("") + all("svg[aria-label]", e).map((s) => s.getAttribute("aria-label")).join("")).trim() !== "";
  };
  const usable = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex='-1'])";
  for (const e of all(usable + ", [role=img], iframe, audio, video")) {
    if (shown(e) && !named(e)) say(e, "has no name");
  }
  for (const e of all("img")) { if (!e.hasAttribute("alt")) say(e, "has no alt"); }
  for (const e of all("svg")) { if (shown(e) && !e.closest("[aria-hidden=true]") && e.getAttribute("role") !== "img" && !(e.matches("[role=group]") && named(e))) say(e, "is neither an image nor hidden"); }

  // 1.3.1: headings in order, tables with headers, lists of lists.
  const headings = all("h1, h2, h3, h4, h5, h6").filter(shown);
  if (headings.filter((h) => h.tagName === "H1").length !== 1 && !document.body.dataset.manyHeadings && all(".poster").length === 0) problems.push(`${headings.filter((h) => h.tagName === "H1").length} headings of level 1`);
  headings.forEach((h, i) => {
    const level = +h.tagName[1], before = i === 0 ? 0 : +headings[i - 1].tagName[1];
    if (level > before + 1) say(h, `a heading of level ${level} after one of level ${before}`);
    if (!h.textContent.trim()) say(h, "is empty");
  });
  for (const table of all("table")) {
    if (all("th", table).length === 0) say(table, "has no header");
    for (const th of all("th", table)) { if (!th.textContent.trim()) say(table, "has a header that says nothing"); }
    for (const row of all("tbody tr, tfoot tr", table)) {
      for (const th of all("th", row)) { if (!th.scope) say(th, "says not whether it heads a row"); }
    }
  }
  for (const landmark of ["main", "header"]) { if (all("body > " + landmark).length !== 1) problems.push(`${all("body > " + landmark).length} of ${landmark}`); }

  // 3.1.1, 2.4.2, 4.1.1.
  if (!["zh-CN", "zh-Hant-HK", "en"].includes(document.documentElement.lang)) problems.push(`lang is ${document.documentElement.lang}`);
  if (!document.title.trim()) problems.push("no title");
  const ids = all("[id]").map((e) => e.id);
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) problems.push(`id ${id} twice`);
  for (const e of all("[tabindex]")) { if (e.tabIndex > 0) say(e, "jumps the order of the keyboard"); }

  // 1.4.10: no sideways scrolling.
  const root = document.scrollingElement;
  if (root.scrollWidth > innerWidth) {
    const widest = all("body *").filter(shown).sort((a, b) => b.getBoundingClientRect().right - a.getBoundingClientRect().right)[0];
    say(widest, `the page is ${root.scrollWidth} wide, its window ${innerWidth}`);
  }
  for (const e of all("body *")) {
    if (shown(e) && e.scrollWidth > e.clientWidth + 1 && ["auto", "scroll"].includes(getComputedStyle(e).overflowX)) say(e, `scrolls sideways: ${e.scrollWidth} in ${e.clientWidth}`);
  }

  // 2.5.8: targets of 24 by 24 pixels; those in a sentence, smaller ones with room around them, and links of a map for which the
  // page has one of that size, too, are free of it.
  const targets = all("a[href], button, input:not([type=hidden]), select, textarea, summary").filter(shown).map((e) => {
    let r = e.getBoundingClientRect();
    if (e.matches("[type=checkbox], [type=radio]") && e.closest("label")) r = e.closest("label").getBoundingClientRect();
    return {e, r, x: r.left + r.width / 2, y: r.top + r.height / 2, small: r.width < 24 || r.height < 24};
  }).filter((t) => onScreen(t.r));
  const inSentence = (e) => {
    if (getComputedStyle(e).display !== "inline") return false;
    let around = e.parentElement;
    while (getComputedStyle(around).display === "inline") around = around.parentElement;
    const others = [...around.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.data).join("").replace(/[\s·:：]/g, "");
    return others.length > 0;
  };
  const elsewhere = (t) => t.e.closest("svg[role=group]") && targets.some((o) => o !== t && !o.small && o.e.href === new URL(t.e.getAttribute("href"), location).href);
  for (const t of targets.filter((t) => t.small && !inSentence(t.e) && !elsewhere(t))) {
    const near = targets.find((o) => {
      if (o === t || o.e.contains(t.e) || t.e.contains(o.e)) return false;
      if (o.small) return Math.hypot(o.x - t.x, o.y - t.y) < 24;
      const dx = Math.max(o.r.left - t.x, 0, t.x - o.r.right), dy = Math.max(o.r.top - t.y, 0, t.y - o.r.bottom);
      return Math.hypot(dx, dy) < 12;
    });
    if (near) say(t.e, `a target of ${t.r.width.toFixed(0)} by ${t.r.height.toFixed(0)}, too near to "${(near.e.textContent || near.e.name).trim().slice(0, 20)}"`);
  }

  // 2.4.7, 2.4.11, 2.1.1: what the keyboard reaches, and whether one sees where it is. Recorded while Tab is pressed.
  const look = (e) => {
    const s = getComputedStyle(e);
    return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.backgroundColor, s.borderTopColor].join("|");
  };
  const reach = all(usable).filter((e) => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({checkVisibilityCSS: true})
    && !(e.type === "radio" && !e.checked && e.form && [...e.form.elements].some((o) => o.name === e.name && o !== e)));
  const plain = new Map(reach.map((e) => [e, look(e)]));
  const reached = new Set(), hidden = [];
  document.addEventListener("focusin", (event) => {
    const e = event.target;
    reached.add(e);
    const s = getComputedStyle(e), r = e.getBoundingClientRect();
    if (look(e) === plain.get(e)) hidden.push([e, "looks the same with the focus"]);
    else if (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2 && ratio(s.outlineColor, behind(e.parentElement)) < 3) hidden.push([e, "its outline has too little contrast"]);
    if (r.bottom <= 0 || r.top >= innerHeight || r.right <= 0) hidden.push([e, "has the focus out of sight"]);
  });
  window.accessReached = () => {
    const rest = [];
    const tell = (e, what) => { problems.length = 0; say(e, what); rest.push(problems[0]); };
    for (const e of reach) { if (!reached.has(e)) tell(e, "the keyboard doesn't reach it"); }
    for (const [e, what] of hidden) tell(e, what);
    return rest;
  };
  const weight = performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource").filter((r) => r.initiatorType !== "fetch"))
    .reduce((sum, r) => sum + r.encodedBodySize, 0);
  return {problems, weight, title: document.title, pieces: performance.getEntriesByType("resource").length, tabs: reach.length + 4 * all("input[type=date]").length}; // which has a stop for each part of the date
})()

// Draws the live parts of a page anew when the server says that something has changed; what a reader has
// unfolded stays so, and the focus stays where it is. Without it, the page is as it was when it was loaded.
"use strict";
const part = document.querySelector("main [data-live]");
const same = (e) => [e.tagName, e.id, e.name, e.value, e.getAttribute("href"), e.form?.getAttribute("action")].join("|");
const replace = (old, fresh) => {
  for (const d of old.querySelectorAll("details[open][id]")) { fresh.querySelector(`#${CSS.escape(d.id)}`)?.setAttribute("open", ""); }
  if (old.innerHTML === fresh.innerHTML) { return; }
  const held = old.contains(document.activeElement) ? same(document.activeElement) : "";
  old.replaceChildren(...fresh.childNodes);
  if (held) { [...old.querySelectorAll("a, button, summary")].find((e) => same(e) === held)?.focus({preventScroll: true}); }
};
if (part && window.EventSource) {
  let busy = false, again = false;
  const draw = async () => {
    if (busy) { again = true; return; }
    if (part.contains(document.activeElement) && document.activeElement.matches("select, input")) { setTimeout(draw, 2000); return; }
    busy = true;
    try {
      const response = await fetch(location.href, {headers: {Accept: "text/html"}});
      if (response.ok && !response.redirected) {
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        const next = page.querySelector("main [data-live]"), count = page.getElementById("troubles");
        if (next) replace(part, next);
        if (count) document.getElementById("troubles")?.replaceChildren(...count.childNodes);
      }
    } finally {
      busy = false;
      if (again) { again = false; draw(); }
    }
  };
  const source = new EventSource("/admin/live");
  source.addEventListener("change", draw);
}

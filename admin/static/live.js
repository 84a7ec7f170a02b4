// Draws the live parts of a page anew when the server says that something has changed; what a reader has
// unfolded stays so. Without it, the page is as it was when it was loaded.
"use strict";
const part = document.querySelector("main [data-live]");
const replace = (old, fresh) => {
  const open = [...old.querySelectorAll("details[open][id]")].map((d) => d.id);
  old.replaceChildren(...fresh.childNodes);
  for (const id of open) { document.getElementById(id)?.setAttribute("open", ""); }
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

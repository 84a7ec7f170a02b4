// Draws the live part of a page anew when the server says that something has changed. Without it, the page is
// as it was when it was loaded.
"use strict";
const part = document.querySelector("[data-live]");
if (part && window.EventSource) {
  let busy = false, again = false;
  const draw = async () => {
    if (busy) { again = true; return; }
    if (part.contains(document.activeElement) && document.activeElement.matches("select, input")) { setTimeout(draw, 2000); return; }
    busy = true;
    try {
      const response = await fetch(location.href, {headers: {Accept: "text/html"}});
      if (response.ok && !response.redirected) {
        const next = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-live]");
        if (next) part.replaceChildren(...next.childNodes);
      }
    } finally {
      busy = false;
      if (again) { again = false; draw(); }
    }
  };
  const source = new EventSource("/admin/live");
  source.addEventListener("change", draw);
}

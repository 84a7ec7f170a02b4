// Draws the live parts of a page anew when the server says that something has changed; what a reader has
// unfolded stays so, and a part in which somebody writes waits until they are done. Without it, the page is as it was when it was loaded.
"use strict";
const parts = () => [...document.querySelectorAll("main [data-live]")];
const replace = (old, fresh) => {
  const open = [...old.querySelectorAll("details[open][id]")].map((d) => d.id);
  old.replaceChildren(...fresh.childNodes);
  for (const id of open) { document.getElementById(id)?.setAttribute("open", ""); }
};
// written tells whether a field is not as the page had it.
const written = (field) => field.matches("select")
  ? ![...field.options].every((o) => o.selected === o.defaultSelected) && [...field.options].some((o) => o.defaultSelected)
  : field.type !== "hidden" && field.value !== field.defaultValue;
const busyWith = (part) => part.contains(document.activeElement) && document.activeElement.matches("select, input, textarea")
  || [...part.querySelectorAll("select, input, textarea")].some(written);
if (parts().length && window.EventSource) {
  let busy = false, again = false, waits = false;
  const draw = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const response = await fetch(location.href, {headers: {Accept: "text/html"}});
      if (response.ok && !response.redirected) {
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        const next = page.querySelectorAll("main [data-live]"), count = page.getElementById("troubles"), now = parts();
        if (next.length !== now.length) { if (!now.some(busyWith)) location.reload(); return; }
        now.forEach((part, i) => { if (!busyWith(part)) replace(part, next[i]); });
        waits = now.some(busyWith);
        if (count) document.getElementById("troubles")?.replaceChildren(...count.childNodes);
      }
    } finally {
      busy = false;
      if (again) { again = false; draw(); }
    }
  };
  const source = new EventSource("/admin/live");
  source.addEventListener("change", draw);
  document.addEventListener("focusout", () => setTimeout(() => { if (waits && !parts().some(busyWith)) draw(); }, 300));
}

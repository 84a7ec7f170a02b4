// Makes the map move under drag and pinch, and once it was pressed under the wheel: each ends in an address, whose page is
// fetched and put in place. It is fetched again every minute while nobody is at work in it. Without it, the links do the same.
"use strict";
const box = document.getElementById("map");
let held = new Map(), from = null, wheeled = 0, pressed = false;
const svg = () => box.querySelector("svg.map");
const show = async (href, keep) => {
  const response = await fetch(href, {headers: {Accept: "text/html", "Onedoor-Redraw": "1"}});
  if (!response.ok || response.redirected) { return; }
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("map");
  if (!fresh || held.size) { return; }
  if (!keep) { history.replaceState(null, "", href); }
  const at = box.querySelector(".listed").scrollTop, folds = [...box.querySelectorAll("details")].map((d) => [d.id, d.open]);
  box.replaceChildren(...fresh.childNodes);
  for (const [id, open] of folds) { document.getElementById(id).open = open; }
  box.querySelector(".listed").scrollTop = keep ? at : 0;
};
// look shows the map around a place of the picture, in its units, from so much nearer.
const look = (x, y, by) => {
  const d = svg().dataset, zoom = Math.max(3, Math.min(14, +d.z + by)), width = 256 * 2 ** +d.z;
  if (by && zoom === +d.z) { return; }
  const sin = Math.sin(d.lat * Math.PI / 180);
  const wx = +d.lon / 360 + .5 + (x - 320) / width, wy = .5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI) + (y - 320) / width;
  const lat = 180 / Math.PI * Math.atan(Math.sinh(Math.PI * (1 - 2 * Math.max(0, Math.min(1, wy))))), lon = (Math.max(0, Math.min(1, wx)) - .5) * 360;
  show(`/admin/map?z=${zoom}&at=${lat.toFixed(3)},${lon.toFixed(3)}`);
};
const unit = () => 688 / svg().getBoundingClientRect().width;
const inside = (e) => { const r = svg().getBoundingClientRect(); return [(e.clientX - r.left) * unit() - 24, (e.clientY - r.top) * unit() - 24]; };
const middle = () => { const all = [...held.values()]; return [all.reduce((n, p) => n + p[0], 0) / all.length, all.reduce((n, p) => n + p[1], 0) / all.length]; };
const spread = () => { const [a, b] = [...held.values()]; return b ? Math.hypot(a[0] - b[0], a[1] - b[1]) : 0; };
box.addEventListener("wheel", (e) => {
  if (!e.target.closest("svg.map") || !(e.ctrlKey || pressed)) { return; }
  e.preventDefault();
  if (e.timeStamp - wheeled < 300) { return; }
  wheeled = e.timeStamp;
  const [x, y] = inside(e), by = e.deltaY < 0 ? 1 : -1, k = by > 0 ? .5 : -1; // what is under the pointer stays there
  look(320 + (x - 320) * k, 320 + (y - 320) * k, by);
}, {passive: false});
box.addEventListener("pointerdown", (e) => {
  if (!e.target.closest("svg.map") || e.button) { return; }
  pressed = true;
  held.set(e.pointerId, [e.clientX, e.clientY]);
  from = {middle: middle(), spread: spread(), moved: false};
});
addEventListener("pointermove", (e) => {
  if (!held.has(e.pointerId)) { return; }
  held.set(e.pointerId, [e.clientX, e.clientY]);
  const [x, y] = middle(), k = from.spread ? spread() / from.spread : 1, dx = x - from.middle[0], dy = y - from.middle[1];
  from.moved = from.moved || Math.hypot(dx, dy) > 5 || k > 1.1 || k < .9;
  if (from.moved) { svg().style.transform = `translate(${dx}px,${dy}px) scale(${k})`; }
  from.now = {dx, dy, k};
});
const drop = (e) => {
  if (!held.delete(e.pointerId) || held.size || !from.moved) { return; }
  const {dx, dy, k} = from.now, u = unit() * k; // the picture is drawn k times as large now
  svg().style.transform = "";
  if (e.type === "pointerup") { look(320 - dx * u / k, 320 - dy * u / k, Math.round(Math.log2(k))); }
};
addEventListener("pointerup", drop);
addEventListener("pointercancel", drop);
box.addEventListener("pointerover", (e) => { pressed = pressed && Boolean(e.target.closest("svg.map")); });
box.addEventListener("dragstart", (e) => e.preventDefault());
box.addEventListener("click", (e) => { // a drag that ended on a mark opens nothing
  if (from && from.moved && e.target.closest("svg.map")) { from.moved = false; e.preventDefault(); }
});
setInterval(() => { if (!document.hidden && !held.size && !box.contains(document.activeElement)) { show(location.href, true); } }, 60000);

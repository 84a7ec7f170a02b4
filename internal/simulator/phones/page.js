// The page: its phones, and the tabs between them where only one has room.
import { Phone } from "./phone.js";

const tabs = [...document.querySelectorAll("[data-tab]")];

function bringToFront(slug) {
  for (const tab of tabs) {
    const chosen = tab.dataset.tab === slug;
    tab.ariaPressed = String(chosen);
    if (chosen) tab.querySelector(".news").hidden = true;
  }
  for (const s of document.querySelectorAll(".phone")) s.classList.toggle("front", s.dataset.slug === slug);
}

for (const section of document.querySelectorAll(".phone")) {
  const phone = new Phone(section);
  const tab = tabs.find((t) => t.dataset.tab === section.dataset.slug);
  if (!tab) continue;
  tab.onclick = () => { bringToFront(section.dataset.slug); phone.stick(); };
  phone.onNews = () => { if (!section.classList.contains("front")) tab.querySelector(".news").hidden = false; };
}

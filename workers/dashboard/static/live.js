// Keeps the parts of a page that say what they show (data-live) up to date. Without it, every page works by loading it again.
"use strict";

const regions = [...document.querySelectorAll("[data-live][id]")];
const news = document.getElementById("news");

function isBusy(region) {
  // somebody is in it: a form half filled, a details opened, a button about to be pressed
  return region.contains(document.activeElement) || region.querySelector("details[open]") !== null;
}

function offer() {
  if (news.querySelector(".fresh")) return;
  const line = document.createElement("p");
  line.className = "fresh";
  const link = document.createElement("a");
  link.href = location.href;
  link.textContent = "There is something new. Show it";
  line.append(link);
  news.append(line);
}

async function refresh(kinds) {
  const wanted = regions.filter((region) => region.dataset.live.split(" ").some((kind) => kinds.includes(kind)));
  if (wanted.length === 0) return;
  if (new URLSearchParams(location.search).has("cursor") || wanted.some(isBusy)) {
    offer();
    return;
  }
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const region of wanted) {
    const other = fresh.getElementById(region.id);
    if (other && !isBusy(region)) region.replaceChildren(...other.childNodes);
  }
}

// j and k: to the next and the previous headline
document.addEventListener("keydown", (event) => {
  const step = { j: 1, k: -1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  const headlines = [...document.querySelectorAll("main .headline a")];
  const here = headlines.findIndex((one) => one.closest("li, article, .row, .card")?.contains(document.activeElement));
  headlines[Math.max(0, here + step)]?.focus();
});

document.querySelector(".top [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest", behavior: "instant" });

if (regions.length > 0) {
  let pending = new Set();
  let timer = 0;
  const stream = new EventSource("/live");
  stream.addEventListener("change", (event) => {
    for (const kind of JSON.parse(event.data)) pending.add(kind);
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      const kinds = [...pending];
      pending = new Set();
      if (!document.hidden) refresh(kinds).catch(() => offer());
      else offer();
    }, 300);
  });
  window.addEventListener("pagehide", () => stream.close());
}

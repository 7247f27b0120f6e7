// The page: who is on stage, one phone or two, and the windows that cover everything.
import * as api from "./api.js";
import { make } from "./format.js";
import { Phone } from "./phone.js";
import { fillTexts, pageLanguage, wording } from "./texts.js";

// A browser opens six connections to a server: the event streams of a window must leave some for requests.
const MOST_STREAMS = 3;
const wide = matchMedia("(min-width: 800px)");
const find = (selector) => document.querySelector(selector);
const stage = find('[data-part="stage"]');
const switcher = find('[data-part="switcher"]');
const phones = new Map();
let bot;
// The people on the left and on the right; a narrow screen shows the left one only.
let shown = [];

const page = { openPhoto, openLink, changed: () => drawTabs() };

function addPhone(person) {
  const phone = new Phone(person, bot, page);
  phone.tabs = make("nav", "who");
  phone.column = make("div", "column", phone.tabs, phone.node);
  phones.set(person.id, phone);
  stage.append(phone.column);
}

function arrange() {
  const visible = wide.matches ? shown : shown.slice(0, 1);
  for (const [id, phone] of phones) {
    const place = visible.indexOf(id);
    phone.column.hidden = place < 0;
    phone.column.style.order = place;
  }
  drawTabs();
  follow();
  // Only now have the phones their width and height.
  for (const id of visible) phones.get(id).stick();
}

/** Whoever is on stage is followed, then others as far as connections go; nobody in a window out of sight. */
function follow() {
  const followed = document.hidden ? [] : [...new Set([...shown, ...phones.keys()])].slice(0, MOST_STREAMS);
  for (const [id, phone] of phones) phone.follow(followed.includes(id));
}

/** Put a person where another one is shown; if already on stage the two change places. */
function choose(place, id) {
  const elsewhere = shown.indexOf(id);
  if (elsewhere >= 0) shown[elsewhere] = shown[place];
  shown[place] = id;
  arrange();
}

function drawTabs() {
  const say = wording(phones.get(shown[0])?.language);
  document.documentElement.lang = pageLanguage(phones.get(shown[0])?.language);
  for (const part of document.querySelectorAll(".bar, dialog")) fillTexts(part, say);
  switcher.replaceChildren(...tabs(0));
  // With two people both are in view: a caption says who is who, there is nothing to choose.
  for (const [id, phone] of phones) phone.tabs.replaceChildren(...(phones.size > 2 ? tabs(shown.indexOf(id)) : [caption(phone)]));
}

function tabs(place) {
  return [...phones.values()].map((phone) => {
    const tab = make("button", "tab", caption(phone));
    tab.dataset.choose = phone.person.id;
    tab.ariaPressed = String(shown[place] === phone.person.id);
    if (phone.unread) tab.append(make("b", "badge-count", String(phone.unread)));
    tab.onclick = () => {
      choose(place, phone.person.id);
      // Drawing the tabs anew took the focus away with the old button.
      const bar = wide.matches ? phone.tabs : switcher;
      bar.querySelector(`[data-choose="${phone.person.id}"]`)?.focus();
    };
    return tab;
  });
}

function caption(phone) {
  return make("span", "caption", phone.person.first_name, make("small", "", phone.say(phone.person.role)));
}

// Windows over the page

function openPhoto(src) {
  const box = find('[data-role="lightbox"]');
  box.querySelector("img").src = src;
  box.showModal();
}

/** Resolve with the value of the button that closed the dialog; "" when it was given up. */
function askIn(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true }));
}

async function newPerson() {
  const dialog = find('[data-role="person-dialog"]');
  const form = dialog.querySelector("form");
  form.reset();
  if ((await askIn(dialog)) !== "add") return;
  const phone = phones.get(shown[0]);
  await phone.attempt(async () => {
    const person = await api.addPerson(Object.fromEntries(new FormData(form)));
    addPhone(person);
    choose(wide.matches ? 1 : 0, person.id);
  });
}

/** Links that Telegram itself would handle: the bot's own deep links, and sharing to another chat. */
function openLink(href, phone) {
  const url = new URL(href);
  if (!/^(www\.)?(t|telegram)\.me$/i.test(url.hostname)) return false;
  const [, path, second] = url.pathname.split("/");
  if (path === "share") forward([url.searchParams.get("text"), url.searchParams.get("url")].filter(Boolean).join("\n"));
  else if (path.toLowerCase() !== bot.username.toLowerCase() || second) return false;
  else if (url.searchParams.has("start")) phone.send(`/start ${url.searchParams.get("start")}`.trim());
  return true;
}

async function forward(text) {
  const dialog = find('[data-role="share-dialog"]');
  dialog.querySelector(".choices").replaceChildren(...[...phones.values()].map((phone) => {
    const choice = make("button", "choice", caption(phone));
    choice.type = "submit";
    choice.value = phone.person.id;
    return choice;
  }));
  const chosen = phones.get(Number(await askIn(dialog)));
  if (!chosen) return;
  const id = chosen.person.id;
  if (!wide.matches) choose(0, id);
  else if (!shown.includes(id)) choose(1, id);
  chosen.composer.fillIn(text);
}

function toggleTheme() {
  const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  localStorage.setItem("theme", theme);
}

const start = await api.people();
bot = start.bot;
start.people.forEach(addPhone);
// The student left, the parent right, whatever order they were made in.
shown = [...start.people].sort((a, b) => (a.role === "parent") - (b.role === "parent")).slice(0, 2).map(({ id }) => id);
const firstParent = start.people.find(({ role }) => role === "parent");
if (firstParent && start.people.length > 2) shown[1] = firstParent.id;
wide.addEventListener("change", arrange);
document.addEventListener("visibilitychange", follow);
find('[data-role="theme"]').onclick = toggleTheme;
find('[data-role="add-person"]').onclick = newPerson;
arrange();

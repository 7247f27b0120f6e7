// One person's phone: the chat, kept as the server's events say, and what the person does to it.
import * as api from "./api.js";
import { Composer } from "./composer.js";
import { Draft } from "./draft.js";
import { make, measureQuotes, toggleQuote } from "./format.js";
import { buildMessage, snippet, textOf, updateMessage } from "./message.js";
import { popup } from "./popup.js";
import { fillTexts, pageLanguage, wording } from "./texts.js";

const ANSWER_WAIT_MS = 10_000;
const ACTION_MS = 5_000;
const TOAST_MS = 3_500;
const OFFLINE_AFTER_MS = 800;
const LONG_PRESS_MS = 450;
const GROUP_SECONDS = 600;
const BOTTOM_PX = 48;
const SLIDE_PX = 160;
const SLIDING = 16;
const EFFECTS = { "5046509860389126442": "🎉", "5104841245755180586": "🔥" };
const ACTIONS = { upload_photo: "sendingPhoto", upload_document: "sendingFile", record_voice: "recording", upload_voice: "recording" };
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Phone {
  /** `page` offers openPhoto(src), openLink(url, phone) -> handled, changed(phone). */
  constructor(person, bot, page) {
    Object.assign(this, { bot, page, unread: 0, lastTop: 0, waiting: new Map(), answeredEarly: new Set(), nodes: new Map() });
    this.node = document.getElementById("phone").content.cloneNode(true).firstElementChild;
    this.node.dataset.person = person.id;
    this.node.querySelector("h2").textContent = bot.first_name;
    this.node.querySelector(".empty strong").textContent = bot.first_name;
    this.scroller = this.node.querySelector(".scroller");
    this.list = this.node.querySelector(".list");
    this.status = this.part("status");
    this.composer = new Composer(this);
    this.setPerson(person);
    this.listen();
    this.watchScroll();
    this.pin(true);
  }

  /** Take part in the person's events, or leave them; coming back brings a snapshot. */
  follow(taking) {
    if (taking === Boolean(this.leave)) return;
    this.leave?.();
    this.leave = taking ? api.follow(this.person.id, (event) => this.on(event), (up) => this.setLink(up)) : null;
  }

  part(role) {
    return this.node.querySelector(`[data-role="${role}"]`);
  }

  messages() {
    return [...this.list.querySelectorAll("[data-message-id]")];
  }

  setPerson(person) {
    this.person = person;
    this.language = pageLanguage(person.language_code);
    this.say = wording(this.language);
    this.node.lang = this.language;
    this.node.ariaLabel = `${person.first_name}, ${this.say(person.role)}`;
    fillTexts(this.node, this.say);
    this.setStatus();
    this.part("language").textContent = this.language.toUpperCase();
    this.part("language").ariaLabel = `${this.say("language")}: ${this.language.toUpperCase()}`;
    for (const choice of this.node.querySelectorAll("[data-language]")) choice.ariaPressed = String(choice.dataset.language === this.language);
    for (const node of this.nodes.values()) updateMessage(node, node.message, this);
    for (const day of this.list.querySelectorAll(".day")) day.textContent = this.dayName(day.date);
  }

  // What the server tells

  on(event) {
    switch (event.type) {
      case "snapshot":
        return this.restore(event);
      case "message":
        return this.arrive(event.message);
      case "edit":
        return this.edit(event.message);
      case "delete":
        return this.remove(event.message_id);
      case "draft":
        return this.showDraft(event);
      case "draft_end":
        return this.endDraft();
      case "answered":
        return this.answered(event);
      case "action":
        return this.setStatus(ACTIONS[event.action] ?? "typing");
      case "commands":
        return this.composer.setCommands(event.commands);
    }
  }

  /** After a reconnect only what differs is touched, so the chat does not blink. */
  restore({ messages, commands, draft }) {
    const known = new Set(messages.map((message) => message.message_id));
    for (const id of [...this.nodes.keys()]) if (!known.has(id)) this.remove(id);
    messages.forEach((message) => this.put(message));
    const lastFromBot = messages.findLast((message) => message.from?.is_bot)?.message_id ?? 0;
    for (const [id, node] of this.nodes) if (id < lastFromBot) node.classList.add("read");
    this.composer.setCommands(commands ?? []);
    this.endDraft();
    if (draft) this.showDraft(draft);
    this.regroup();
    this.stick();
  }

  arrive(message) {
    const fromBot = Boolean(message.from?.is_bot);
    const wasDraft = fromBot && this.endDraft();
    const fresh = !this.nodes.has(message.message_id);
    const before = this.list.offsetHeight;
    const node = this.put(message);
    this.regroup();
    if (fromBot) this.botActed();
    if (!fresh) return;
    if (fromBot) {
      this.setStatus();
      this.announce(`${this.bot.first_name}: ${snippet(message, this.say)}`);
      if (EFFECTS[message.effect_id]) this.burst(EFFECTS[message.effect_id]);
    }
    // One's own message always comes into view; the bot's only for whoever is reading the end.
    if (!fromBot || this.pinned) this.goToBottom(!wasDraft && this.list.offsetHeight - before);
    if (fromBot && (!this.pinned || !this.node.offsetParent)) this.setUnread(this.unread + 1);
    if (!wasDraft && !calm.matches) node.classList.add("fresh");
  }

  edit(message) {
    const node = this.nodes.get(message.message_id);
    if (!node) return this.arrive(message);
    const before = textOf(node.message);
    const after = textOf(message);
    updateMessage(node, message, this);
    this.botActed();
    this.regroup();
    this.stick();
    let same = 0;
    while (same < after.length && before[same] === after[same]) same++;
    if (same < after.length) this.announce(after.slice(same));
  }

  remove(id) {
    this.nodes.get(id)?.remove();
    this.nodes.delete(id);
    this.composer.forget(id);
    this.regroup();
  }

  showDraft({ draft_id, text, entities, can_stop }) {
    if (this.draft?.id !== draft_id) {
      this.endDraft();
      this.draft = new Draft(draft_id, this.say);
      this.list.append(this.draft.node);
      this.regroup();
    }
    this.draft.show(text ?? "", entities);
    if (can_stop) this.draft.offerStop(() => this.attempt(() => api.stop(this.person.id)));
    this.botActed();
    this.stick();
  }

  /** Returns whether there was a draft to end. */
  endDraft() {
    const draft = this.draft;
    this.draft = null;
    draft?.node.remove();
    if (draft) this.regroup();
    return Boolean(draft);
  }

  answered({ query_id, text, show_alert }) {
    const done = this.waiting.get(String(query_id));
    // The answer can overtake the reply to the press itself.
    if (done) done();
    else this.answeredEarly.add(String(query_id));
    if (text) show_alert ? this.alert(text) : this.toast(text);
    this.botActed();
  }

  botActed() {
    for (const node of this.list.querySelectorAll(".mine:not(.read)")) node.classList.add("read");
  }

  // The list

  put(message) {
    const id = message.message_id;
    let node = this.nodes.get(id);
    if (node) {
      updateMessage(node, message, this);
      return node;
    }
    node = buildMessage(message, this);
    let before = this.list.lastElementChild;
    while (before && !(before.message?.message_id < id)) before = before.previousElementSibling;
    before ? before.after(node) : this.list.prepend(node);
    this.nodes.set(id, node);
    measureQuotes(node);
    return node;
  }

  /** Day marks, and which messages open and close a group: only those get a tail and the larger gap. */
  regroup() {
    let previous = null;
    for (const node of [...this.list.children]) {
      if (node.classList.contains("day")) continue;
      const day = node.message && new Date(node.message.date * 1000).toDateString();
      const sameDay = !day || (previous && previous.day === day);
      const mark = node.previousElementSibling?.classList.contains("day") ? node.previousElementSibling : null;
      if (sameDay) mark?.remove();
      else if (!mark) node.before(this.dayMark(node.message.date));
      const joined = sameDay && previous && joins(previous.node, node);
      previous?.node.classList.toggle("last", !joined);
      node.classList.toggle("first", !joined);
      node.classList.add("last");
      previous = { node, day: day ?? previous?.day };
    }
    if (this.list.lastElementChild?.classList.contains("day")) this.list.lastElementChild.remove();
    this.node.querySelector(".empty").hidden = this.part("start").hidden = this.nodes.size > 0;
  }

  dayMark(date) {
    const mark = make("div", "day", this.dayName(date));
    mark.date = date;
    return mark;
  }

  dayName(date) {
    const day = new Date(date * 1000);
    const age = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(day).setHours(0, 0, 0, 0)) / 86_400_000);
    if (age < 2) return this.say(age < 1 ? "today" : "yesterday");
    return day.toLocaleDateString(this.language, { day: "numeric", month: "long" });
  }

  // Scrolling

  watchScroll() {
    this.scroller.addEventListener("scroll", () => {
      const { scrollTop, clientHeight } = this.scroller;
      // Only moving up lets go of the end; content that grew since the last scroll does not.
      // And not scrollHeight: it counts the slide of a message that is just arriving.
      if (this.list.offsetHeight - scrollTop - clientHeight < BOTTOM_PX) this.pin(true);
      else if (scrollTop < this.lastTop) this.pin(false);
      this.lastTop = scrollTop;
      if (this.pinned && this.node.offsetParent) this.setUnread(0);
      this.part("to-bottom").hidden = this.pinned;
    }, { passive: true });
    // Photos, opened quotes, the keyboard of a phone: whoever reads the end stays at the end.
    const observer = new ResizeObserver(() => {
      // Turning the phone, or bringing it on stage, breaks the lines anew: how many a quote has is then another matter.
      if (this.width !== this.list.clientWidth) measureQuotes(this.list);
      this.width = this.list.clientWidth;
      this.stick();
    });
    observer.observe(this.list);
    observer.observe(this.scroller);
    this.part("to-bottom").onclick = () => this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: calm.matches ? "auto" : "smooth" });
  }

  pin(pinned) {
    this.pinned = pinned;
    // The browser's own anchoring keeps the place of whoever reads above; at the end it would fight with ours.
    this.scroller.classList.toggle("pinned", pinned);
  }

  stick() {
    if (!this.pinned) return;
    this.scroller.scrollTop = this.list.offsetHeight - this.scroller.clientHeight;
    this.lastTop = this.scroller.scrollTop;
    if (this.node.offsetParent) this.setUnread(0);
  }

  goToBottom(grown) {
    this.pin(true);
    this.stick();
    if (!grown || calm.matches) return;
    const slide = [{ transform: `translateY(${Math.min(grown, SLIDE_PX)}px)` }, { transform: "none" }];
    // What is in view, not the list: after moving a layer that tall Chromium may find nothing below the finger.
    for (const node of [...this.list.children].slice(-SLIDING)) node.animate(slide, { duration: 220, easing: "cubic-bezier(.2,.8,.2,1)" });
  }

  setUnread(count) {
    if (count === this.unread) return;
    this.unread = count;
    const badge = this.part("to-bottom").querySelector("b");
    badge.textContent = count;
    badge.hidden = !count;
    this.page.changed(this);
  }

  jumpTo(id) {
    const node = this.nodes.get(id);
    if (!node) return;
    node.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
    node.classList.remove("found");
    requestAnimationFrame(() => node.classList.add("found"));
  }

  // What the person does

  send(text, replyTo) {
    return this.attempt(() => api.send(this.person.id, text, replyTo));
  }

  upload(files, caption) {
    return this.attempt(async () => {
      for (const [i, { file, kind }] of files.entries()) await api.upload(this.person.id, kind, file, i ? "" : caption);
    });
  }

  /** Do it; a refusal is shown, and false says so. */
  async attempt(act) {
    try {
      await act();
      return true;
    } catch (error) {
      this.toast(error.message || this.say("failed"));
      return false;
    }
  }

  async press(button) {
    // As in Telegram, a key that still waits does not send again.
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    const id = button.closest("[data-message-id]").message.message_id;
    let query;
    const done = () => {
      button.ariaBusy = null;
      this.waiting.delete(query);
    };
    const sent = await this.attempt(async () => {
      query = String((await api.press(this.person.id, id, button.dataset.callback)).query_id);
    });
    if (!sent || this.answeredEarly.delete(query)) return done();
    this.waiting.set(query, done);
    setTimeout(done, ANSWER_WAIT_MS);
  }

  listen() {
    popup(this.part("language"), this.part("language").nextElementSibling);
    this.node.addEventListener("click", (event) => this.onClick(event));
    this.list.addEventListener("keydown", (event) => {
      if (!["Enter", " "].includes(event.key) || !event.target.matches(".spoiler")) return;
      event.preventDefault();
      event.target.click();
    });
    this.list.addEventListener("dblclick", (event) => {
      const node = event.target.closest(".message");
      if (!node?.message || event.target.closest("button, a, .quoted")) return;
      getSelection().removeAllRanges();
      this.composer.reply(node.message);
    });
    this.listenToLongPress();
  }

  listenToLongPress() {
    let timer;
    let replied = false;
    const cancel = () => clearTimeout(timer);
    this.list.addEventListener("pointerdown", (event) => {
      cancel();
      replied = false;
      const node = event.target.closest(".bubble")?.parentElement;
      if (event.pointerType !== "touch" || !node?.message) return;
      timer = setTimeout(() => {
        replied = true;
        navigator.vibrate?.(10);
        this.composer.reply(node.message);
      }, LONG_PRESS_MS);
    });
    for (const type of ["pointerup", "pointermove", "pointercancel"]) this.list.addEventListener(type, cancel);
    // Lifting the finger after a long press must not also open what lay under it.
    this.list.addEventListener("click", (event) => {
      if (replied) event.stopPropagation(), event.preventDefault();
      replied = false;
    }, { capture: true });
  }

  onClick(event) {
    const at = (selector) => event.target.closest(selector);
    const button = at("button, a");
    if (at("[data-callback]")) this.press(button);
    else if (at("[data-copy]")) this.copy(button.dataset.copy);
    else if (at(".list [data-command]")) this.send(button.dataset.command.replace(`@${this.bot.username}`, ""));
    else if (at("a[href]")) this.page.openLink(button.href, this) && event.preventDefault();
    else if (at(".quote")) this.jumpTo(Number(button.dataset.jump));
    else if (at(".photo")) this.page.openPhoto(button.querySelector("img").src, button);
    else if (at(".answer")) this.composer.reply(at(".message").message);
    else if (at("[data-language]")) this.chooseLanguage(button.dataset.language);
    else if (at(".spoiler:not(.seen)")) reveal(at(".spoiler"));
    else if (at("blockquote.long") && getSelection().isCollapsed) toggleQuote(at("blockquote.long"), this.say);
    else if (at(".text code") && getSelection().isCollapsed) this.copy(at(".text code").textContent);
  }

  chooseLanguage(language_code) {
    return this.attempt(async () => {
      this.setPerson(await api.changePerson(this.person.id, { language_code }));
      this.page.changed(this);
    });
  }

  copy(text) {
    return this.attempt(async () => {
      await navigator.clipboard.writeText(text);
      this.toast(this.say("copied"));
    });
  }

  // What the phone shows around the chat

  setStatus(key) {
    clearTimeout(this.statusTimer);
    this.status.textContent = this.say(key ?? "bot");
    this.status.classList.toggle("active", Boolean(key));
    if (key) this.statusTimer = setTimeout(() => this.setStatus(), ACTION_MS);
  }

  setLink(up) {
    clearTimeout(this.linkTimer);
    // A server that restarts is back in a moment; a banner for that would only flash.
    this.linkTimer = setTimeout(() => (this.part("offline").hidden = up), up ? 0 : OFFLINE_AFTER_MS);
  }

  announce(text) {
    this.node.querySelector(".announcer").textContent = text;
  }

  toast(text) {
    const toast = this.part("toast");
    clearTimeout(this.toastTimer);
    toast.hidden = false;
    toast.textContent = text;
    this.toastTimer = setTimeout(() => (toast.hidden = true), TOAST_MS);
  }

  alert(text) {
    const veil = this.part("alert");
    const rest = [...this.node.children].filter((child) => child !== veil);
    const back = document.activeElement;
    const ok = veil.querySelector("button");
    veil.querySelector("p").textContent = veil.ariaLabel = text;
    veil.hidden = false;
    rest.forEach((child) => (child.inert = true));
    ok.focus();
    ok.onclick = () => {
      veil.hidden = true;
      rest.forEach((child) => (child.inert = false));
      if (back.isConnected) back.focus({ preventScroll: true });
    };
    veil.onkeydown = (event) => {
      if (event.key === "Escape") ok.click();
    };
  }

  burst(emoji) {
    if (calm.matches) return;
    const sparks = Array.from({ length: 14 }, (_, i) => {
      const spark = make("i", "", emoji);
      spark.style.setProperty("--x", `${Math.round((Math.random() - 0.5) * 320)}px`);
      spark.style.setProperty("--delay", `${i * 35}ms`);
      return spark;
    });
    const burst = make("div", "burst", ...sparks);
    burst.ariaHidden = "true";
    this.node.append(burst);
    setTimeout(() => burst.remove(), 2600);
  }
}

function joins(above, below) {
  const sameSide = above.classList.contains("mine") === below.classList.contains("mine");
  const near = !below.message || !above.message || below.message.date - above.message.date < GROUP_SECONDS;
  return sameSide && near && !above.classList.contains("has-keys");
}

function reveal(spoiler) {
  spoiler.classList.add("seen");
  for (const attribute of ["role", "tabindex", "aria-label"]) spoiler.removeAttribute(attribute);
}

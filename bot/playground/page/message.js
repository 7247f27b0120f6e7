// One Telegram message as DOM: built once, then changed part by part so that an edit never flickers.
import { fileUrl } from "./api.js";
import { formatted, icon, link, make, measureQuotes, toggleQuote } from "./format.js";

const BIG_EMOJI = /^(?:\p{Emoji_Presentation}[\u{1F3FB}-\u{1F3FF}]?(?:\u200D\p{Emoji}\uFE0F?)*){1,3}$/u;
const PARTS = ["reply", "media", "text", "keys"];

export const textOf = (message) => message.text ?? message.caption ?? "";

/** One line that stands for a message in a reply or an announcement. */
export function snippet(message, say) {
  const kind = ["photo", "document", "voice", "sticker"].find((name) => message[name]);
  return textOf(message).replace(/\s+/g, " ").trim() || message.sticker?.emoji || message.document?.file_name || (kind ? say(kind) : "");
}

export function buildMessage(message, view) {
  const mine = !message.from?.is_bot;
  const node = make("article", `message ${mine ? "mine" : "theirs"}`);
  node.dataset.messageId = message.message_id;
  node.dataset.from = mine ? "me" : "bot";
  const [reply, media, text, keys] = PARTS.map((name) => make("div", name));
  const answer = make("button", "answer", icon("reply"));
  // Out of the tab order: with the keyboard, Ctrl+arrow up in the composer does the same without a stop per message.
  answer.tabIndex = -1;
  answer.ariaLabel = answer.title = view.say("reply");
  node.append(make("div", "bubble", reply, media, text, answer), keys);
  node.parts = { reply, media, text, keys };
  node.shown = {};
  updateMessage(node, message, view);
  return node;
}

/** Rebuild only the parts whose content changed. */
export function updateMessage(node, message, view) {
  const { say, language } = view;
  const kind = mediaKind(message);
  node.message = message;
  node.ariaLabel = `${node.dataset.from === "me" ? say("you") : message.from.first_name}, ${clock(message.date, language)}`;
  replace(node, "reply", message.reply_to_message, (to) => replyQuote(to, say));
  replace(node, "media", kind && [kind, message[kind]], ([name, content]) => MEDIA[name]?.(content, view) ?? unsupported(say));
  replace(node, "text", [textOf(message), message.entities ?? message.caption_entities, message.edit_date, message.date, language],
    () => textAndTime(node, message, view));
  replace(node, "keys", message.reply_markup?.inline_keyboard, (rows) => keyboard(rows));
  if (kind === "photo") node.style.setProperty("--photo-width", `${photoWidth(message.photo.at(-1))}px`);
  node.classList.toggle("has-keys", Boolean(message.reply_markup?.inline_keyboard?.length));
  node.classList.toggle("bare", Boolean(kind) && !textOf(message));
  node.classList.toggle("sticker", kind === "sticker" || kind === "dice");
  node.classList.toggle("big", !kind && BIG_EMOJI.test(textOf(message)));
}

function replace(node, name, content, build) {
  const shown = JSON.stringify(content) ?? "";
  if (node.shown[name] === shown) return;
  node.shown[name] = shown;
  const part = node.parts[name];
  const focused = [...part.querySelectorAll("button, a")].indexOf(document.activeElement);
  const opened = [...part.querySelectorAll("blockquote.open")].map((quote) => quote.textContent);
  part.replaceChildren(...(content ? [build(content)] : []));
  if (name === "text") reopen(part, opened);
  // A keyboard user who pressed a key stays at that place when the bot redraws the keyboard.
  if (focused >= 0) part.querySelectorAll("button, a")[focused]?.focus({ preventScroll: true });
}

function reopen(part, opened) {
  for (const quote of part.querySelectorAll("blockquote.expandable")) {
    if (opened.includes(quote.textContent)) toggleQuote(quote, () => quote.querySelector(".chevron").ariaLabel, true);
  }
  measureQuotes(part);
}

function textAndTime(node, message, { say, language }) {
  const content = formatted(textOf(message), message.entities ?? message.caption_entities, say);
  const time = make("time", "", clock(message.date, language));
  time.dateTime = new Date(message.date * 1000).toISOString();
  const meta = make("span", "meta", message.edit_date ? `${say("edited")} ` : null, time);
  if (node.dataset.from === "me") meta.append(icon("check"), icon("checks"));
  content.append(meta);
  return content;
}

export const clock = (date, language) => new Date(date * 1000).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

function replyQuote(message, say) {
  const thumb = message.photo && make("img");
  if (thumb) Object.assign(thumb, { src: fileUrl(message.photo[0].file_id), alt: "" });
  const author = message.from?.is_bot ? message.from.first_name : say("you");
  const quote = make("button", "quote", thumb, make("span", "", make("b", "", author), make("span", "", snippet(message, say))));
  quote.dataset.jump = message.message_id;
  return quote;
}

const MEDIA = { photo, document: file, voice, sticker, dice };

function mediaKind(message) {
  const known = Object.keys(MEDIA).find((name) => message[name]);
  return known ?? (message.text == null ? ["video", "audio", "animation", "poll", "location", "contact"].find((name) => message[name]) ?? "unknown" : null);
}

/** A tall photo gets a narrow bubble, so that it is neither cropped nor framed. */
const photoWidth = ({ width, height }) => Math.round(Math.max(180, Math.min(340, (420 * width) / height)));

function photo(sizes, { say }) {
  const size = sizes.at(-1);
  const image = make("img");
  // Width and height from the message reserve the place, so that loading does not push the chat around.
  Object.assign(image, { src: fileUrl(size.file_id), alt: say("photo"), width: size.width, height: size.height, decoding: "async" });
  const button = make("button", "photo", image);
  button.ariaLabel = say("openPhoto");
  return button;
}

function file(content, { say, language }) {
  const name = content.file_name ?? say("document");
  const badge = make("span", "badge", icon("file"));
  const anchor = make("a", "file", badge, make("span", "", make("b", "", name), make("span", "", `${bytes(content.file_size, language)} · ${say("download")}`)));
  anchor.href = fileUrl(content.file_id);
  anchor.download = name;
  return anchor;
}

function bytes(size = 0, language) {
  const units = ["B", "KB", "MB"];
  const step = Math.min(2, Math.floor(Math.log2(Math.max(size, 1)) / 10));
  return `${(size / 1024 ** step).toLocaleString(language, { maximumFractionDigits: step ? 1 : 0 })} ${units[step]}`;
}

function voice(content, { say }) {
  const play = make("button", "badge", icon("play"));
  play.ariaLabel = say("play");
  play.onclick = () => new Audio(fileUrl(content.file_id)).play().catch(() => {});
  const bars = make("span", "wave", ...Array.from({ length: 28 }, () => make("i")));
  const seconds = content.duration ?? 0;
  return make("div", "file", play, make("span", "", bars, make("span", "", `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`)));
}

function sticker(content, { say }) {
  const image = make("img");
  image.alt = content.emoji ?? say("sticker");
  image.onerror = () => image.replaceWith(content.emoji ?? say("sticker"));
  image.src = fileUrl(content.file_id);
  return image;
}

function dice(content) {
  return make("span", "", `${content.emoji} ${content.value}`);
}

const unsupported = (say) => make("i", "unsupported", say("unsupported"));

function keyboard(rows) {
  const board = document.createDocumentFragment();
  for (const row of rows) board.append(make("div", "row", ...row.map(key)));
  return board;
}

function key(button) {
  const url = button.url ?? button.web_app?.url;
  const node = url ? link(url) : make("button");
  node.className = "key";
  node.append(make("span", "", button.text));
  node.title = button.text;
  if (button.style) node.dataset.style = button.style;
  if (button.callback_data != null) node.dataset.callback = button.callback_data;
  if (url) node.append(icon("link"));
  if (button.copy_text) {
    node.dataset.copy = button.copy_text.text;
    node.append(icon("copy"));
  }
  return node;
}

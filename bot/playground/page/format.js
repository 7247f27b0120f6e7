// Text and entities to DOM. Offsets are UTF-16 units, which is how JavaScript counts too.
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
// Telegram marks addresses itself; the playground's server leaves that to the page.
const ADDRESS = /\b(?:https?:\/\/|t\.me\/)[^\s<>"']*[^\s<>"'.,;:!?)\]»]/gi;
const LITERAL = new Set(["pre", "code", "text_link", "url", "bot_command"]);
const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code" };

export function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (tag === "button") node.type = "button";
  node.append(...children.filter((child) => child != null));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

/** Telegram's text as nodes; nothing in it is ever read as HTML. */
export function formatted(text, entities, say) {
  const root = document.createDocumentFragment();
  const ordered = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  fill(root, text, 0, text.length, ordered, say, appendLinked);
  return root;
}

function fill(parent, text, start, end, entities, say, append) {
  let at = start;
  for (let i = 0; i < entities.length; ) {
    const entity = entities[i++];
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    const inner = [];
    while (i < entities.length && entities[i].offset < to) inner.push(entities[i++]);
    if (to <= from) continue;
    append(parent, text.slice(at, from));
    const { outer, body } = element(entity, text.slice(from, to), say);
    fill(body, text, from, to, inner, say, LITERAL.has(entity.type) ? appendPlain : append);
    parent.append(outer);
    // A block ends its own line; showing the line feed after it too would leave a gap Telegram does not show.
    at = BLOCKS.has(entity.type) && text[to] === "\n" ? to + 1 : to;
  }
  append(parent, text.slice(at, end));
}

const appendPlain = (parent, text) => parent.append(text);

function appendLinked(parent, text) {
  let at = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const anchor = link(withScheme(found[0]));
    anchor.append(found[0]);
    parent.append(text.slice(at, found.index), anchor);
    at = found.index + found[0].length;
  }
  parent.append(text.slice(at));
}

const withScheme = (address) => (/^[a-z]+:\/\//i.test(address) ? address : `https://${address}`);

function element(entity, content, say) {
  switch (entity.type) {
    case "text_link":
      return leaf(link(entity.url));
    case "url":
      return leaf(link(withScheme(content)));
    case "email":
      return leaf(link(`mailto:${content}`));
    case "bot_command": {
      const command = make("button", "link");
      command.dataset.command = content;
      return leaf(command);
    }
    case "spoiler": {
      const spoiler = make("span", "spoiler");
      Object.assign(spoiler, { role: "button", tabIndex: 0, ariaLabel: say("hidden") });
      return leaf(spoiler);
    }
    case "pre":
      return pre(entity.language);
    case "blockquote":
      return leaf(make("blockquote"));
    case "expandable_blockquote":
      return expandable(say);
    default:
      return leaf(make(TAGS[entity.type] ?? "span"));
  }
}

const leaf = (node) => ({ outer: node, body: node });

/** A link that leaves the page only towards the web or a mail program. */
export function link(url) {
  const anchor = make("a", "link");
  if (/^(https?:\/\/|mailto:|tg:)/i.test(url)) anchor.href = url;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  return anchor;
}

function pre(language) {
  const body = make("code");
  const outer = make("pre", "", body);
  if (language) outer.dataset.language = language;
  return { outer, body };
}

function expandable(say) {
  const body = make("div", "quoted");
  const toggle = make("button", "chevron", icon("down"));
  toggle.ariaExpanded = "false";
  toggle.ariaLabel = say("expand");
  return { outer: make("blockquote", "expandable", body, toggle), body };
}

/** Only a quote longer than its three lines gets the fade and the chevron; needs layout, so call it once shown. */
export function measureQuotes(root) {
  for (const quote of root.querySelectorAll("blockquote.expandable:not(.open)")) {
    const body = quote.querySelector(".quoted");
    quote.classList.toggle("long", body.scrollHeight > body.clientHeight + 2);
  }
}

export function toggleQuote(quote, say, open = !quote.classList.contains("open")) {
  quote.classList.toggle("open", open);
  const chevron = quote.querySelector(".chevron");
  chevron.ariaExpanded = String(open);
  chevron.ariaLabel = say(open ? "collapse" : "expand");
}

// The streamed preview of an answer: the text arrives in pieces and is shown as if it were being written.
import { formatted, make, measureQuotes } from "./format.js";

const CATCH_UP_FRAMES = 14;
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Draft {
  constructor(id, say) {
    this.id = id;
    this.say = say;
    this.text = "";
    this.length = 0;
    this.body = make("div", "text");
    this.node = make("div", "message theirs draft", make("div", "bubble", this.body));
    this.node.dataset.draft = id;
    this.node.ariaLabel = say("draft");
  }

  /** A key that asks the bot to stop, for as long as it lets itself be stopped. */
  offerStop(onStop) {
    if (this.node.querySelector(".keys")) return;
    const stop = make("button", "key", make("span", "", this.say("stop")));
    stop.dataset.role = "stop";
    stop.onclick = onStop;
    this.node.append(make("div", "keys", make("div", "row", stop)));
  }

  show(text, entities) {
    // Where the new text differs from what is shown, writing starts again from there.
    let common = 0;
    while (common < this.length && text[common] === this.text[common]) common++;
    this.length = calm.matches ? text.length : common;
    this.text = text;
    this.entities = entities;
    this.paint();
    if (!this.frame && this.length < text.length) this.write();
  }

  write() {
    this.frame = requestAnimationFrame(() => {
      this.frame = null;
      this.length += Math.ceil((this.text.length - this.length) / CATCH_UP_FRAMES);
      this.paint();
      if (this.length < this.text.length && this.node.isConnected) this.write();
    });
  }

  paint() {
    if (!this.text) {
      this.body.replaceChildren(make("span", "dots", make("i"), make("i"), make("i")));
      return;
    }
    const entities = this.entities?.filter(({ offset }) => offset < this.length);
    this.body.replaceChildren(formatted(this.text.slice(0, this.length), entities, this.say));
    this.placeCaret();
    measureQuotes(this.body);
  }

  /** Writing goes on inside a quote or code that is still open, not on a line of its own below. */
  placeCaret() {
    const end = [...this.body.childNodes].findLast((node) => node.textContent);
    const block = end?.nodeType === Node.ELEMENT_NODE && end.matches("blockquote, pre") ? end : this.body;
    (block.querySelector(":scope > .quoted, :scope > code") ?? block).append(make("span", "caret"));
  }
}

// What a person writes with: text, commands, replies and files.
import { make } from "./format.js";
import { snippet } from "./message.js";
import { popup } from "./popup.js";

const ACCEPT = { photo: "image/*", document: "", voice: "audio/*" };

export class Composer {
  constructor(phone) {
    this.phone = phone;
    const part = (role) => phone.node.querySelector(`[data-role="${role}"]`);
    this.area = part("composer");
    this.form = this.area.form;
    this.panel = part("commands");
    this.replyBar = part("reply-bar");
    this.fileBar = part("attachment");
    this.picker = part("file");
    this.replyTo = null;
    this.files = [];
    this.commands = [];
    this.listenToText();
    this.listenToFiles(part("attach"));
    this.showMenu = popup(part("menu"), this.panel, { onOpen: () => this.listCommands(this.commands) });
    part("start").onclick = () => phone.send("/start");
    this.replyBar.querySelector("button").onclick = () => this.reply(null);
    this.panel.addEventListener("click", (event) => {
      const choice = event.target.closest("button");
      if (choice) this.sendCommand(choice.dataset.command);
    });
  }

  listenToText() {
    this.area.addEventListener("input", () => this.changed());
    this.area.addEventListener("keydown", (event) => this.onKey(event));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  changed() {
    this.area.style.height = "auto";
    this.area.style.height = `${this.area.scrollHeight}px`;
    this.form.classList.toggle("writing", Boolean(this.area.value.trim() || this.files.length));
    this.suggest();
  }

  write(text) {
    this.area.value = text;
    this.changed();
  }

  fillIn(text) {
    this.write(text);
    this.area.focus();
  }

  onKey(event) {
    // While an input method composes a character, Enter belongs to it.
    if (event.isComposing) return;
    const choices = [...this.panel.querySelectorAll("button")];
    const selected = choices.find((choice) => choice.ariaSelected === "true");
    const arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      this.panel.hidden = true;
      this.reply(null);
    } else if (arrow && event.ctrlKey) {
      this.replyByKey(arrow);
    } else if (arrow && !this.panel.hidden) {
      this.select(choices, choices.indexOf(selected) + arrow);
    } else if (event.key === "Tab" && !this.panel.hidden && !event.shiftKey) {
      this.fillIn(`/${(selected ?? choices[0]).dataset.command} `);
    } else if (event.key === "Enter" && !event.shiftKey) {
      // What is typed is sent as it stands unless a suggestion was chosen with the arrows.
      if (selected && !this.panel.hidden) this.sendCommand(selected.dataset.command);
      else this.submit();
    } else {
      return;
    }
    event.preventDefault();
  }

  async submit() {
    const text = this.area.value.trim();
    const files = this.files;
    const replyTo = this.replyTo;
    if (!text && !files.length) return;
    this.write("");
    this.reply(null);
    this.attach([]);
    const sent = files.length ? await this.phone.upload(files, text) : await this.phone.send(text, replyTo?.message_id);
    // Nothing the person wrote is lost to a refusal.
    if (!sent && !this.area.value) this.fillIn(text);
  }

  // Commands

  setCommands(commands) {
    this.commands = commands;
    this.form.querySelector(".menu").hidden = !commands.length;
  }

  sendCommand(command) {
    this.showMenu(false);
    this.write("");
    this.phone.send(`/${command}`);
  }

  listCommands(commands) {
    this.panel.replaceChildren(...commands.map(({ command, description }) => {
      const choice = make("button", "", make("b", "", `/${command}`), make("span", "", description));
      choice.dataset.command = command;
      choice.role = "option";
      return choice;
    }));
  }

  suggest() {
    const typed = /^\/([a-z0-9_]*)$/i.exec(this.area.value)?.[1].toLowerCase();
    const fitting = typed === undefined ? [] : this.commands.filter(({ command }) => command.startsWith(typed));
    this.listCommands(fitting);
    this.panel.hidden = !fitting.length;
  }

  select(choices, index) {
    const at = (index + choices.length) % choices.length;
    choices.forEach((choice, i) => (choice.ariaSelected = String(i === at)));
    choices[at].scrollIntoView({ block: "nearest" });
  }

  // Replies

  reply(message) {
    this.replyTo = message;
    this.replyBar.hidden = !message;
    if (!message) return;
    const { say } = this.phone;
    this.replyBar.querySelector("b").textContent = say(message.from?.is_bot ? "replyToBot" : "replyToMe");
    this.replyBar.querySelector("p span").textContent = snippet(message, say);
    this.area.focus();
  }

  /** A message that is gone cannot be replied to. */
  forget(id) {
    if (this.replyTo?.message_id === id) this.reply(null);
  }

  replyByKey(step) {
    const messages = this.phone.messages();
    const at = this.replyTo ? messages.findIndex((node) => node.message.message_id === this.replyTo.message_id) : messages.length;
    const node = messages[at + step];
    this.reply(node?.message ?? null);
    node?.scrollIntoView({ block: "nearest" });
  }

  // Files

  listenToFiles(button) {
    const { node } = this.phone;
    const drop = node.querySelector(".drop");
    const menu = button.nextElementSibling;
    popup(button, menu);
    menu.addEventListener("click", (event) => this.pick(event.target.closest("button")?.dataset.kind));
    this.picker.onchange = () => this.attach(this.picker.files, this.picker.dataset.kind);
    this.fileBar.querySelector("button").onclick = () => this.attach([]);
    this.area.addEventListener("paste", (event) => {
      if (!event.clipboardData.files.length) return;
      event.preventDefault();
      this.attach(event.clipboardData.files);
    });
    node.addEventListener("dragover", (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      drop.hidden = false;
    });
    drop.addEventListener("dragleave", () => (drop.hidden = true));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.hidden = true;
      this.attach(event.dataTransfer.files);
    });
  }

  pick(kind) {
    if (!kind) return;
    this.picker.dataset.kind = kind;
    this.picker.accept = ACCEPT[kind];
    this.picker.multiple = kind !== "voice";
    this.picker.value = "";
    this.picker.click();
  }

  /** Hold files above the composer until they are sent; its text becomes the caption. */
  attach(files, kind) {
    this.files = [...files].map((file) => ({ file, kind: kind ?? (file.type.startsWith("image/") ? "photo" : "document") }));
    this.fileBar.hidden = !this.files.length;
    this.changed();
    const image = this.fileBar.querySelector("img");
    URL.revokeObjectURL(image.src);
    image.hidden = this.files[0]?.kind !== "photo";
    if (!this.files.length) return;
    if (!image.hidden) image.src = URL.createObjectURL(this.files[0].file);
    this.fileBar.querySelector("b").textContent = this.files.map(({ file }) => file.name).join(", ");
    this.fileBar.querySelector("p span").textContent = this.phone.say(this.files[0].kind);
    this.area.focus();
  }
}

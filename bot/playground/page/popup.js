// A small menu that hangs on a button: Escape, a choice or a press elsewhere closes it.
export function popup(button, panel, { onOpen, focus = true } = {}) {
  function set(open) {
    if (open === !panel.hidden) return;
    if (open) onOpen?.();
    // Hiding the focused choice would drop the focus on the page's top.
    if (!open && panel.contains(document.activeElement)) button.focus();
    panel.hidden = !open;
    button.ariaExpanded = String(open);
    if (open && focus) panel.querySelector("button")?.focus();
  }
  button.addEventListener("click", () => set(panel.hidden));
  panel.addEventListener("click", () => set(false));
  document.addEventListener("pointerdown", (event) => {
    if (!panel.contains(event.target) && !button.contains(event.target)) set(false);
  });
  for (const node of [button, panel]) {
    node.addEventListener("keydown", (event) => {
      if (event.key === "Escape") set(false);
      else if (event.key === "ArrowDown" || event.key === "ArrowUp") step(panel, event);
    });
  }
  return set;
}

function step(panel, event) {
  if (panel.hidden) return;
  event.preventDefault();
  const choices = [...panel.querySelectorAll("button")];
  const at = choices.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  choices.at(at % choices.length)?.focus();
}

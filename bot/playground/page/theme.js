// The person's choice wins over the system's; without one the page follows the system live.
const chosen = localStorage.getItem("theme");
const system = matchMedia("(prefers-color-scheme: dark)");

function paint(theme) {
  document.documentElement.dataset.theme = theme;
}

paint(chosen ?? (system.matches ? "dark" : "light"));
system.addEventListener("change", () => localStorage.getItem("theme") ?? paint(system.matches ? "dark" : "light"));

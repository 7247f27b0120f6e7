// The few words that belong to the page. Everything inside a bubble is the bot's.
const TEXTS = {
  it: {
    bot: "bot", typing: "sta scrivendo", sendingPhoto: "invia una foto", sendingFile: "invia un file", recording: "registra un vocale",
    start: "Avvia", menu: "Menu", message: "Messaggio", messages: "Messaggi", send: "Invia", attach: "Allega", commands: "Comandi",
    photo: "Foto", document: "Documento", voice: "Audio come vocale", sticker: "Sticker", download: "Scarica", openPhoto: "Apri la foto", play: "Ascolta",
    reply: "Rispondi", replyToBot: "Risposta a Chiron", replyToMe: "Risposta al tuo messaggio", you: "Tu", cancel: "Annulla", stop: "Interrompi", close: "Chiudi", edited: "modificato", draft: "Chiron sta pensando",
    empty: "Premi Avvia per cominciare.", offline: "Connessione persa, riprovo…", toBottom: "Vai in fondo", drop: "Lascia qui il file", copied: "Copiato",
    language: "Lingua", theme: "Tema chiaro o scuro", addPerson: "Nuova persona", add: "Aggiungi", name: "Nome", role: "Ruolo",
    student: "studente", parent: "genitore", forwardTo: "Inoltra a…", hidden: "Testo nascosto, tocca per leggere", expand: "Mostra tutto", collapse: "Riduci",
    today: "Oggi", yesterday: "Ieri", unsupported: "Contenuto che la pagina non mostra", failed: "Non riuscito",
  },
  en: {
    bot: "bot", typing: "typing", sendingPhoto: "sending a photo", sendingFile: "sending a file", recording: "recording voice",
    start: "Start", menu: "Menu", message: "Message", messages: "Messages", send: "Send", attach: "Attach", commands: "Commands",
    photo: "Photo", document: "Document", voice: "Audio as voice message", sticker: "Sticker", download: "Download", openPhoto: "Open the photo", play: "Play",
    reply: "Reply", replyToBot: "Reply to Chiron", replyToMe: "Reply to your message", you: "You", cancel: "Cancel", stop: "Stop", close: "Close", edited: "edited", draft: "Chiron is thinking",
    empty: "Press Start to begin.", offline: "Connection lost, trying again…", toBottom: "Go to the bottom", drop: "Drop the file here", copied: "Copied",
    language: "Language", theme: "Light or dark theme", addPerson: "New person", add: "Add", name: "Name", role: "Role",
    student: "student", parent: "parent", forwardTo: "Forward to…", hidden: "Hidden text, tap to read", expand: "Show all", collapse: "Show less",
    today: "Today", yesterday: "Yesterday", unsupported: "Something this page does not show", failed: "That did not work",
  },
};

/** The page's language for a Telegram language code such as "it" or "en-GB". */
export const pageLanguage = (code) => (code?.startsWith("it") ? "it" : "en");

/** A function from a key to the words in that language. */
export const wording = (code) => (key) => TEXTS[pageLanguage(code)][key];

/** Fill a part of the page: data-say is content, data-label the accessible name, data-hint the placeholder. */
export function fillTexts(root, say) {
  for (const node of root.querySelectorAll("[data-say]")) node.textContent = say(node.dataset.say);
  for (const node of root.querySelectorAll("[data-label]")) node.ariaLabel = say(node.dataset.label);
  for (const node of root.querySelectorAll("button.round[data-label]")) node.title = say(node.dataset.label);
  for (const node of root.querySelectorAll("[data-hint]")) node.placeholder = say(node.dataset.hint);
}

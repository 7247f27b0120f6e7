// The server's page API. Every refusal becomes an Error with the server's words.
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 8000;

async function ask(method, path, body) {
  const json = body && !(body instanceof FormData);
  const response = await fetch(path, {
    method,
    headers: json ? { "Content-Type": "application/json" } : {},
    body: json ? JSON.stringify(body) : body,
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `${response.status} ${response.statusText}`);
  return answer;
}

export const people = () => ask("GET", "/play/people");
export const addPerson = (person) => ask("POST", "/play/people", person);
export const changePerson = (id, change) => ask("PATCH", `/play/people/${id}`, change);
export const send = (person, text, reply_to) => ask("POST", "/play/send", { person, text, reply_to });
export const press = (person, message_id, data) => ask("POST", "/play/press", { person, message_id, data });
export const stop = (person) => ask("POST", "/play/stop", { person });
export const fileUrl = (fileId) => `/play/file/${encodeURIComponent(fileId)}`;

export function upload(person, kind, file, caption) {
  const form = new FormData();
  form.append("person", person);
  form.append("kind", kind);
  if (caption) form.append("caption", caption);
  form.append("file", file, file.name);
  return ask("POST", "/play/upload", form);
}

/** Follow a person's events until the returned function is called; `onLink(up)` hears whether the line is up. */
export function follow(person, onEvent, onLink) {
  let wait = FIRST_RETRY_MS;
  let source;
  let timer;
  function open() {
    source = new EventSource(`/play/events?person=${person}`);
    source.onopen = () => {
      wait = FIRST_RETRY_MS;
      onLink(true);
    };
    source.onmessage = (event) => onEvent(JSON.parse(event.data));
    source.onerror = () => {
      // The browser's own retry gives up for good on an HTTP error, such as a proxy's 502: start afresh instead.
      source.close();
      onLink(false);
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, LAST_RETRY_MS);
    };
  }
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

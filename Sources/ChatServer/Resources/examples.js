import { Hubbub } from "/hubbub.js";

const list = document.createElement("ul");
const form = document.createElement("form");
const field = document.createElement("input");
field.setAttribute("aria-label", "Message");
field.autocomplete = "off";
form.append(field);
document.getElementById("chat").replaceChildren(list, form);

const show = (text) => {
  list.append(Object.assign(document.createElement("li"), { textContent: text }));
  if (list.children.length > 100) list.firstChild.remove();
  list.scrollTop = list.scrollHeight;
};
const chat = new Hubbub({ username: `guest ${Math.floor(Math.random() * 1000)}` });
chat.on("message", ({ username, message }) => show(`${username}: ${message}`));
chat.on("error", ({ reason }) => show(reason));
chat.connect();
chat.join("lobby", { history: 20 }).catch(({ reason }) => show(reason));

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const message = field.value;
  if (!message.trim()) return;
  const { error } = chat.check("lobby", message);
  if (error) return show(error.reason); // Text that can't be sent stays, to be changed.
  field.value = "";
  chat.send("lobby", message).done.catch(({ reason }) => show(`Not sent: ${message} (${reason})`));
});
// While an input method composes a word, Enter accepts it. Safari shows that only by code 229.
field.addEventListener("keydown", (event) => {
  const isComposing = event.isComposing || event.keyCode === 229;
  if (event.key === "Enter" && isComposing) event.preventDefault();
});

// ---- The rest shows the source above on this page.

const script = document.querySelector("script[type=module]").textContent.split("\n// ----")[0];
const source = script.trim().replace("/hubbub.js", `${location.origin}/hubbub.js`);
document.getElementById("source").textContent =
  `<section id="chat"></section>\n<script type="module">\n${source}\n<\/script>`;
document.getElementById("frame").textContent =
  `<iframe src="${location.origin}/r/lobby" title="Chat" width="360" height="600"></iframe>`;

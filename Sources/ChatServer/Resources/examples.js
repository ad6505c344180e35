import { Hubbub } from "/hubbub.js";

const list = document.createElement("ul");
const field = document.createElement("input");
field.setAttribute("aria-label", "Message");
document.getElementById("chat").append(list, field);

const show = (text) => {
  list.append(Object.assign(document.createElement("li"), { textContent: text }));
  if (list.children.length > 100) list.firstChild.remove();
  list.scrollTop = list.scrollHeight;
};
const chat = new Hubbub({ username: `guest ${Math.floor(Math.random() * 1000)}` });
chat.on("message", ({ username, message }) => show(`${username}: ${message}`));
chat.on("error", ({ reason }) => show(reason));
chat.connect();
chat.join("lobby", { history: 20 });
field.addEventListener("change", () => {
  chat.send("lobby", field.value).done.catch(({ reason }) => show(`Not sent: ${reason}`));
  field.value = "";
});

// ---- The rest shows the source above on this page.

const script = document.querySelector("script[type=module]").textContent.split("\n// ----")[0];
const source = script.trim().replace("/hubbub.js", `${location.origin}/hubbub.js`);
document.getElementById("source").textContent =
  `<section id="chat"></section>\n<script type="module">\n${source}\n<\/script>`;
document.getElementById("frame").textContent =
  `<iframe src="${location.origin}/r/lobby" title="Chat" width="360" height="600"></iframe>`;

// What somebody types into the search field may mean: a list under it, by mouse, touch or keyboard (combobox pattern).

const input = document.querySelector("[data-suggest]");
const WAIT_MS = 120;

if (input) {
  const list = document.getElementById("suggestions");
  // Only now is it more than a field to search with.
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  const said = document.getElementById("suggest-said");
  let options = [];
  let at = -1;
  let timer = 0;
  let asking = null;

  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const point = (to) => {
    options[at]?.setAttribute("aria-selected", "false");
    at = to;
    const option = options[at];
    if (!option) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  };

  const draw = (items) => {
    list.replaceChildren();
    options = items.map((item, place) => {
      const option = document.createElement("li");
      option.id = `suggestion-${place}`;
      option.className = "suggestion";
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.href = item.href;
      for (const [name, text] of [["label", item.label], ["kind", item.kind], ["count", item.count]]) {
        if (!text) continue;
        const part = document.createElement("span");
        part.className = `suggestion-${name}`;
        part.textContent = text;
        option.append(part);
      }
      list.append(option);
      return option;
    });
    at = -1;
    list.hidden = !items.length;
    input.setAttribute("aria-expanded", String(items.length > 0));
    said.textContent = items.length ? said.dataset.some.replace("0", items.length) : "";
  };

  const ask = async () => {
    const typed = input.value.trim();
    asking?.abort();
    if (!typed) return close();
    asking = new AbortController();
    try {
      const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal: asking.signal });
      if (answer.ok && document.activeElement === input) draw((await answer.json()).items);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  input.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  // Chinese is typed through an input method: only what it has put down is asked for.
  input.addEventListener("compositionend", ask);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      if (!list.hidden) event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) {
        ask();
      } else {
        const step = event.key === "ArrowDown" ? 1 : -1;
        const count = options.length + 1;
        point(((at + 1 + step + count) % count) - 1);
      }
      event.preventDefault();
    } else if (event.key === "Enter" && at >= 0 && !list.hidden) {
      event.preventDefault();
      window.location.assign(options[at].dataset.href);
    }
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[data-href]");
    if (option) window.location.assign(option.dataset.href);
  });
}

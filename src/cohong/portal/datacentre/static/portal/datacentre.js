// Charts that move, where scripts run. A drawn chart stays until its reader asks for more; then Vega is loaded, once.
// Vega works under the site's content policy: its expressions are interpreted (`ast`), its own style sheets are left out.
const own = document.querySelector("script[data-vega-bundle]");
let loading = null;

function vega() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = own.dataset.vegaBundle;
    script.type = "module";
    script.onload = () => resolve(window.vegaEmbed);
    script.onerror = reject;
    document.head.append(script);
  });
  return loading;
}

async function enliven(figure, button) {
  button.disabled = true;
  try {
    const [embed, answer] = await Promise.all([vega(), fetch(figure.dataset.vega)]);
    const specification = await answer.json();
    const place = document.createElement("div");
    place.className = "chart-live";
    const drawn = figure.querySelector(".chart-drawn");
    drawn.before(place);
    await embed(place, specification, {
      ast: true, actions: false, defaultStyle: false, renderer: "canvas", tooltip: { disableDefaultStyle: true, theme: "custom" },
    });
    drawn.setAttribute("hidden", "");
    button.remove();
  } catch {
    button.disabled = false;
  }
}

for (const figure of document.querySelectorAll("figure[data-vega]")) {
  const caption = figure.querySelector("figcaption");
  if (!caption || !figure.querySelector(".chart-drawn")) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet small not-printed";
  button.textContent = own.dataset.vegaWord;
  button.addEventListener("click", () => enliven(figure, button));
  caption.append(button);
}

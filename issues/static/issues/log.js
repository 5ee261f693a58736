// The log screen: pick in place, keep several photos, show them, send once.
(function () {
  "use strict";
  const form = document.getElementById("issue-log");
  if (!form) return;

  const shots = form.querySelector("[data-as-shots]");
  const inputs = [...form.querySelectorAll("input[type=file][name=photos]")];
  const model = document.getElementById("shot-model");
  const kept = new DataTransfer();
  let filling = false;

  function draw() {
    shots.querySelectorAll("span").forEach((old) => {
      const picture = old.querySelector("img");
      if (picture) URL.revokeObjectURL(picture.src);
      old.remove();
    });
    [...kept.files].forEach((file, place) => {
      const shot = model.content.firstElementChild.cloneNode(true);
      const picture = shot.querySelector("img");
      const button = shot.querySelector("button");
      if (file.type.startsWith("image/")) { picture.src = URL.createObjectURL(file); picture.alt = file.name; }
      else { picture.remove(); shot.prepend(document.createTextNode(file.name)); }
      button.setAttribute("aria-label", button.dataset.asLabel.replace("0", String(place + 1)));
      button.addEventListener("click", () => { kept.items.remove(place); draw(); });
      shots.prepend(shot);
    });
    filling = true;
    inputs.forEach((input, place) => { input.files = place === 0 ? kept.files : new DataTransfer().files; });
    filling = false;
  }

  inputs.forEach((input) => input.addEventListener("change", () => {
    if (filling) return;
    // The first input holds what was kept before; the browser has just replaced it.
    [...input.files].forEach((file) => kept.items.add(file));
    draw();
  }));

  // What was picked is shown as chosen; "change" opens the search again.
  form.addEventListener("change", (event) => {
    const option = event.target.closest("input[name=subject]");
    if (!option) return;
    const label = option.closest("label");
    const picked = form.querySelector("[data-as-picked-subject]");
    picked.querySelector("b").textContent = label.dataset.title;
    picked.querySelector(".meta").textContent = label.dataset.detail;
    picked.hidden = false;
    form.querySelector("[data-as-finder]").hidden = true;
    picked.querySelector("[data-as-change]").focus();
  });
  form.addEventListener("click", (event) => {
    if (!event.target.closest("[data-as-change]")) return;
    event.preventDefault();
    form.querySelector("[data-as-picked-subject]").hidden = true;
    const finder = form.querySelector("[data-as-finder]");
    finder.hidden = false;
    const field = finder.querySelector("input[type=search]");
    if (!finder.querySelector("input[name=subject]")) field.dispatchEvent(new Event("search"));
    field.focus();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input[type=search]")) event.preventDefault();
  });

  // One press, one send; the draft's own id makes a second one harmless.
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button && button.name !== "find") window.setTimeout(() => { button.disabled = true; }, 0);
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    form.querySelectorAll("button[disabled]").forEach((button) => { button.disabled = false; });
  });
  const draft = form.querySelector("input[name=client_uuid]");
  if (draft && !form.dataset.asSent && window.crypto && crypto.randomUUID) draft.value = crypto.randomUUID();
})();

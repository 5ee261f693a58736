// 安商: behaviours of the shell and its components. htmx does the rest; no handler is inline.
(function () {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const body = document.body;
  const words = (key) => body.dataset[key] || "";
  const keep = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window */ } };

  // ── announcements, toasts ────────────────────────────────
  function announce(text) {
    const live = $("#as-live");
    if (live && text) { live.textContent = ""; window.setTimeout(() => { live.textContent = text; }, 50); }
  }

  function post(url) {
    const headers = { "X-CSRFToken": words("asCsrf"), "HX-Request": "true" };
    return fetch(url, { method: "POST", headers, credentials: "same-origin" });
  }

  function armToast(toast) {
    const undo = $("[data-as-undo]", toast);
    const timer = window.setTimeout(() => toast.remove(), undo ? 8000 : toast.dataset.asStay ? 600000 : 5000);
    toast.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      window.clearTimeout(timer);
      if (button === undo) {
        post(undo.dataset.asUndo).then((answer) => {
          if (answer.ok) location.reload(); else addToast(words("asFailed"), "error");
        }, () => addToast(words("asOffline"), "error"));
      }
      toast.remove();
    });
  }

  function addToast(text, kind = "success", undo = "") {
    const box = $("#as-toasts"), model = $("#as-toast-model");
    if (!box || !model) return;
    const toast = model.content.firstElementChild.cloneNode(true);
    toast.classList.add(kind);
    $(".t", toast).textContent = text;
    const button = $("[data-as-undo]", toast);
    if (undo) button.dataset.asUndo = undo; else button.remove();
    box.append(toast);
    armToast(toast);
  }
  $$(".as-toast").forEach(armToast);

  // ── theme, text size, menu, language ─────────────────────
  document.addEventListener("click", (event) => {
    const theme = event.target.closest("[data-as-theme]");
    if (theme) {
      const root = document.documentElement;
      const next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
      root.setAttribute("data-bs-theme", next);
      keep("as-theme", next);
      drawAll();
    }
    if (event.target.closest("[data-as-big-text]")) {
      keep("as-big-text", document.documentElement.classList.toggle("as-big-text") ? "1" : "0");
    }
    if (event.target.closest("[data-as-print]")) window.print();
    const menu = event.target.closest("[data-as-menu]");
    const side = $(".navbar-vertical");
    if (menu && side) toggleMenu(side, !side.classList.contains("as-open"));
    else if (side && side.classList.contains("as-open") && !side.contains(event.target)) toggleMenu(side, false);
    const opener = event.target.closest("[data-as-dialog]");
    if (opener) { const dialog = document.getElementById(opener.dataset.asDialog); if (dialog) dialog.showModal(); }
    const closer = event.target.closest("[data-as-close]");
    if (closer) closer.closest("dialog").close();
  });

  function toggleMenu(side, open) {
    side.classList.toggle("as-open", open);
    $$("[data-as-menu]").forEach((button) => button.setAttribute("aria-expanded", String(open)));
    const target = open ? $("a", side) : $(".as-mtop [data-as-menu]");
    if (target) target.focus();
  }

  // ── one list, several views: [data-as-views] buttons show [data-as-view] ──
  function armViews(root) {
    $$("[data-as-views]", root).forEach((nav) => {
      const scope = document.getElementById(nav.dataset.asViews);
      if (!scope) return;
      const set = (view) => {
        $$("[data-as-view]", scope).forEach((pane) => { pane.hidden = pane.dataset.asView !== view; });
        $$("[data-as-set]", nav).forEach((button) => {
          const on = button.dataset.asSet === view;
          button.classList.toggle("active", on);
          button.setAttribute("aria-pressed", String(on));
        });
      };
      $$("[data-as-set]", nav).forEach((button) => button.addEventListener("click", () => {
        set(button.dataset.asSet);
        window.dispatchEvent(new Event("resize"));
      }));
      const asked = location.hash.slice(1);
      if ($$("[data-as-set]", nav).some((button) => button.dataset.asSet === asked)) set(asked);
    });
  }

  // ── keyboard (guide section 9) ───────────────────────────
  const ITEMS = "[data-as-item], .as-row.hov, .as-row[href], table[data-as-rows] tbody tr:not(.as-grp-row)";
  let goSince = 0, lastPicked = null;

  function move(step) {
    const items = $$(ITEMS).filter((item) => item.offsetParent !== null);
    if (!items.length) return;
    const now = items.findIndex((item) => item.classList.contains("as-on"));
    const next = items[Math.min(items.length - 1, Math.max(0, now < 0 ? (step > 0 ? 0 : items.length - 1) : now + step))];
    items.forEach((item) => item.classList.toggle("as-on", item === next));
    next.scrollIntoView({ block: "nearest" });
    const link = next.matches("a") ? next : $("a, button", next);
    if (link) link.focus({ preventScroll: true });
  }

  function pick(range) {
    const row = $(".as-on");
    const box = row && $(".form-check-input", row);
    if (!box) return;
    const boxes = $$("tbody .form-check-input", row.closest("table"));
    if (range && lastPicked) {
      const [from, to] = [boxes.indexOf(lastPicked), boxes.indexOf(box)].sort((a, b) => a - b);
      boxes.slice(from, to + 1).forEach((one) => { one.checked = true; });
    } else box.checked = !box.checked;
    lastPicked = box;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function act(name) {
    const button = $(`.as-on [data-as-do="${name}"]`);
    if (button) button.click();
  }

  // Only the keys that do something on this page are listed.
  function openHelp() {
    const help = $("#as-keys");
    if (!help || help.open) return;
    $$("[data-as-when]", help).forEach((line) => { line.hidden = !$(line.dataset.asWhen); });
    help.showModal();
  }

  function toLog(event) {
    const line = $("[data-as-capture]");
    if (line && line.offsetParent !== null) { event.preventDefault(); line.focus(); return; }
    const link = $("[data-as-quicklog]");
    if (link) location.href = link.href;
  }

  function toSearch(event) {
    const field = $("[data-as-search] input:not([type=hidden])");
    if (field && field.offsetParent !== null) { event.preventDefault(); field.focus(); field.select(); return; }
    const page = $("[data-as-search-page]");
    if (page) location.href = page.href;
  }

  const KEYS = {
    "/": toSearch,
    n: toLog,
    j: () => move(1),
    k: () => move(-1),
    e: () => act("done"),
    s: () => act("sign"),
    r: () => act("answer"),
    c: () => act("remind"),
    x: (event) => pick(event.shiftKey),
    enter: () => { const link = $(".as-on a, a.as-on"); if (link && document.activeElement === body) link.click(); },
    "?": openHelp,
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      $$(".as-prov.show").forEach((card) => card.classList.remove("show"));
      const side = $(".navbar-vertical.as-open");
      if (side) toggleMenu(side, false);
      return;
    }
    if (body.dataset.asShortcuts === "off" || event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
    if (event.target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]")) return;
    if ($("dialog[open]")) return;
    const key = event.key.toLowerCase();
    if (key === "g") { goSince = Date.now(); return; }
    if (Date.now() - goSince < 900) {
      goSince = 0;
      const link = $(`[data-as-key="${CSS.escape(key)}"]`);
      if (link) { event.preventDefault(); location.href = link.href; }
      return;
    }
    if (KEYS[key]) KEYS[key](event);
  });

  // ── selecting rows: the bar over the table ───────────────
  function countPicked(table) {
    const form = table.closest("[data-as-bulk-scope]");
    const bar = form && $("[data-as-bulk]", form);
    if (!bar) return;
    const boxes = $$("tbody .form-check-input", table), picked = boxes.filter((box) => box.checked);
    boxes.forEach((box) => box.closest("tr").classList.toggle("table-active", box.checked));
    bar.hidden = !picked.length;
    const said = $("[data-as-picked]", bar);
    if (said) said.textContent = said.dataset.asPicked.replace("0", String(picked.length));
    const all = $("[data-as-all]", table);
    if (all) { all.checked = picked.length > 0 && picked.length === boxes.length; all.indeterminate = picked.length > 0 && !all.checked; }
    if (picked.length) announce(said ? said.textContent : "");
  }

  document.addEventListener("change", (event) => {
    const table = event.target.closest("table");
    if (event.target.matches("[data-as-all]")) {
      $$("tbody .form-check-input", table).forEach((box) => { box.checked = event.target.checked; });
      countPicked(table);
    } else if (table && event.target.matches("tbody .form-check-input")) {
      if (event.target.checked) lastPicked = event.target;
      countPicked(table);
    }
    if (event.target.closest("[data-as-autosubmit]")) event.target.form.requestSubmit();
  });

  document.addEventListener("click", (event) => {
    const every = event.target.closest("[data-as-every]"), none = event.target.closest("[data-as-none]");
    if (!every && !none) return;
    const scope = (every || none).closest("[data-as-bulk-scope]");
    const field = $("input[name=every]", scope);
    if (field) field.value = every ? "1" : "";
    if (every) { $("[data-as-picked]", scope).textContent = every.textContent; return; }
    $$(".form-check-input", scope).forEach((box) => { box.checked = false; });
    $$("table", scope).forEach(countPicked);
  });

  // The columns picked travel as one short parameter.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-as-columns]");
    if (form) $("input[name=cols]", form).value = $$("input[type=checkbox]:checked", form).map((box) => box.value).join(",");
  });

  // ── figures with provenance ──────────────────────────────
  function place(figure) {
    const room = document.documentElement.clientWidth - figure.getBoundingClientRect().left;
    figure.classList.toggle("flip", room < 320);
    const url = figure.dataset.asProv, card = $(".as-prov", figure);
    if (!url || !card || card.dataset.loaded) return;
    card.dataset.loaded = "1";
    fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
      .then((html) => { card.innerHTML = html; }, () => { delete card.dataset.loaded; });
  }
  document.addEventListener("pointerover", (event) => { const figure = event.target.closest(".as-fig"); if (figure) place(figure); });
  document.addEventListener("focusin", (event) => { const figure = event.target.closest(".as-fig"); if (figure) place(figure); });

  // ── network ──────────────────────────────────────────────
  const offline = $("#as-offline");
  const tellNetwork = () => { if (offline) offline.hidden = navigator.onLine; };
  window.addEventListener("offline", tellNetwork);
  window.addEventListener("online", tellNetwork);
  tellNetwork();

  let waiting = 0, busyTimer = 0;
  function busy(step) {
    waiting = Math.max(0, waiting + step);
    window.clearTimeout(busyTimer);
    const bar = $("#as-busy");
    if (!bar) return;
    if (waiting) busyTimer = window.setTimeout(() => { bar.hidden = false; }, 300); else bar.hidden = true;
  }

  // A refused form comes back with its errors and is shown; anything else is told as a sentence.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { status, responseURL } = event.detail.xhr;
    // The session ended: the answer is the sign-in page, which belongs in the whole window.
    if (words("asLogin") && new URL(responseURL, location.href).pathname === words("asLogin")) {
      event.detail.shouldSwap = false;
      location.href = `${words("asLogin")}?next=${encodeURIComponent(location.pathname + location.search)}`;
      return;
    }
    if (status < 400) return;
    event.detail.isError = false;
    const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    const told = $("[data-as-message]", page);
    if (told) addToast(told.textContent.trim(), "error");
    else if (status === 422 || status === 409) event.detail.shouldSwap = true;
    else addToast(words(status === 403 ? "asForbidden" : "asFailed"), "error");
  });
  // Empty filters do not clutter the address.
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.elt.matches(".as-filters")) return;
    [...event.detail.formData.keys()].forEach((name) => {
      if (!event.detail.formData.getAll(name).some(Boolean)) event.detail.formData.delete(name);
    });
  });
  document.addEventListener("htmx:sendError", () => addToast(words("asOffline"), "error"));
  document.addEventListener("htmx:beforeRequest", () => busy(1));
  document.addEventListener("htmx:afterRequest", () => busy(-1));
  document.addEventListener("as:toast", (event) => addToast(event.detail.text, event.detail.kind, event.detail.undo));
  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target && event.detail.target.isConnected ? event.detail.target : document;
    arm(target);
    const heading = $("[data-as-focus]", target);
    if (heading) { heading.setAttribute("tabindex", "-1"); heading.focus(); }
    const said = $("[data-as-announce]", target);
    if (said) announce(said.dataset.asAnnounce || said.textContent);
  });

  // ── charts: JSON made on the server, colours named by token ──
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const TOKENS = { blue: "--as-blue", mid: "--as-blue-mid", lt: "--as-blue-line", pale: "--as-blue-lt", red: "--as-red", green: "--as-green", amber: "--as-amber", amberFill: "--as-amber-fill", ink: "--as-ink", ink2: "--as-ink-2", ink3: "--as-ink-3", line: "--as-line", line2: "--as-line-2", surface: "--as-surface" };
  const charts = new Map();
  let loading = null;

  function colours() {
    return Object.fromEntries(Object.entries(TOKENS).map(([name, variable]) => [name, token(variable)]));
  }

  // "@blue" in the JSON becomes the colour of that token in the theme that is shown.
  function painted(value, palette) {
    if (typeof value === "string") return value.startsWith("@") && palette[value.slice(1)] ? palette[value.slice(1)] : value;
    if (Array.isArray(value)) return value.map((one) => painted(one, palette));
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, painted(one, palette)]));
    return value;
  }

  function loadPlotly() {
    if (window.Plotly) return Promise.resolve();
    loading = loading || new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = words("asPlotly");
      script.onload = () => { registerLocale(); resolve(); };
      script.onerror = reject;
      document.head.append(script);
    });
    return loading;
  }

  function registerLocale() {
    const months = Array.from({ length: 12 }, (_, index) => `${index + 1}月`);
    const days = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];
    window.Plotly.register({
      moduleType: "locale", name: "zh-CN",
      dictionary: { "Autoscale": "自动缩放", "Reset axes": "恢复坐标轴", "Zoom": "缩放", "Pan": "平移", "Download plot as a PNG": "存为图片", "Click to enter": "点开" },
      format: { days, shortDays: days, months, shortMonths: months, date: "%Y年%-m月%-d日", thousands: ",", decimal: ".", year: "%Y年", month: "%Y年%-m月", dayMonth: "%-m月%-d日", dayMonthYear: "%Y年%-m月%-d日" },
    });
  }

  function draw(element, make) {
    const c = colours(), { data, layout = {} } = make(c);
    const family = getComputedStyle(body).fontFamily;
    const axis = (given) => Object.assign({ gridcolor: c.line, zeroline: false, linecolor: c.line2, tickcolor: c.line2, tickfont: { size: 12, color: c.ink2 }, fixedrange: true, automargin: true }, given);
    const whole = Object.assign({ paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", margin: { l: 36, r: 12, t: 8, b: 28 }, font: { family, size: 12, color: c.ink }, showlegend: false, hoverlabel: { bgcolor: c.surface, bordercolor: c.line2, font: { color: c.ink, family } }, bargap: 0.35 }, layout);
    whole.xaxis = axis(layout.xaxis || {});
    whole.yaxis = axis(layout.yaxis || {});
    const locale = document.documentElement.lang.startsWith("zh") ? "zh-CN" : "en";
    window.Plotly.react(element, data, whole, { displayModeBar: false, responsive: true, showSendToCloud: false, plotlyServerURL: "", locale });
  }

  function drawAll() {
    if (!window.Plotly) return;
    charts.forEach((make, element) => { if (element.isConnected) draw(element, make); else charts.delete(element); });
  }

  window.asColors = colours;
  window.asChart = (element, make) => {
    const box = typeof element === "string" ? document.getElementById(element) : element;
    if (!box) return Promise.resolve();
    charts.set(box, make);
    return loadPlotly().then(() => draw(box, make), () => { box.textContent = words("asNoChart"); });
  };

  function armCharts(root) {
    $$("[data-as-chart]", root).forEach((box) => {
      if (charts.has(box)) return;
      const source = document.getElementById(box.dataset.asChart);
      if (!source) return;
      const figure = JSON.parse(source.textContent);
      window.asChart(box, (palette) => painted(figure, palette));
    });
  }

  function arm(root) {
    armViews(root);
    armCharts(root);
    $$(".as-rail.stage [aria-current]", root).forEach((step) => {
      const rail = step.parentElement;
      rail.scrollLeft = step.offsetLeft - rail.clientWidth / 2 + step.clientWidth / 2;
    });
    $$("[data-as-open]", root).forEach((dialog) => { if (!dialog.open) dialog.showModal(); });
    $$("[data-as-bulk-scope] table", root).forEach(countPicked);
  }

  // A link to a step opens its form; the work goes on in its first field.
  function openStep(hash) {
    const step = hash.startsWith("#move-") && document.getElementById(hash.slice(1));
    if (!step) return;
    const form = $("details", step);
    if (form) form.open = true;
    const next = $(form ? "form input:not([type=hidden]), form textarea, form select" : "button", step);
    if (next) next.focus();
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#move-"]');
    if (link) window.setTimeout(() => openStep(link.hash), 0);
  });
  document.addEventListener("toggle", (event) => {
    const step = event.target.closest && event.target.closest(".as-move");
    const field = step && event.target.open && $("form input:not([type=hidden]), form textarea, form select", event.target);
    if (field && !event.target.contains(document.activeElement.closest("form"))) field.focus();
  }, true);
  openStep(location.hash);

  const summary = $("[data-as-error-summary]");
  if (summary) summary.focus();
  arm(document);
})();

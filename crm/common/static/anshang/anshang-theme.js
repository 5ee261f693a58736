// Loaded in <head>: the theme and the text size are set before the first paint.
(function () {
  const root = document.documentElement;
  const stored = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const asked = new URLSearchParams(location.search).get("theme") || stored("as-theme");
  const dark = asked ? asked === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  root.setAttribute("data-bs-theme", dark ? "dark" : "light");
  root.classList.toggle("as-big-text", stored("as-big-text") === "1");
})();

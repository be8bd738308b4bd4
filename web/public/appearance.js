// Sets the colour scheme and language of the document before anything is painted. Kept apart from the bundle so that the
// page needs no inline script.
(() => {
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const wish = read("yinuo.scheme");
  const dark = wish === "dark" || (wish !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", dark);
  const language = read("yinuo.language");
  if (language === "en" || language === "zh-CN") document.documentElement.lang = language;
})();

/** Light or dark: the person's wish, else the system's. `public/appearance.js` sets the same before the first paint. */
import { ref, watchEffect } from "vue";

export type Scheme = "auto" | "light" | "dark";
const KEY = "yinuo.scheme";

function stored(): Scheme {
  const value = localStorage.getItem(KEY);
  return value === "light" || value === "dark" ? value : "auto";
}

export const scheme = ref<Scheme>(stored());
export const isDark = ref(document.documentElement.classList.contains("dark"));

const system = matchMedia("(prefers-color-scheme: dark)");
const systemDark = ref(system.matches);
system.addEventListener("change", (event) => {
  systemDark.value = event.matches;
});

watchEffect(() => {
  isDark.value = scheme.value === "dark" || (scheme.value === "auto" && systemDark.value);
  document.documentElement.classList.toggle("dark", isDark.value);
});

/** Switches between light and dark; going back to what the system says forgets the wish. */
export function toggleScheme(): void {
  const wanted: Scheme = isDark.value ? "light" : "dark";
  scheme.value = (wanted === "dark") === systemDark.value ? "auto" : wanted;
  if (scheme.value === "auto") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, scheme.value);
}

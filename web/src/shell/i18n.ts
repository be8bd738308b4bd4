/** Languages of the interface. Texts of one language and one entry are loaded together, and only those. */
import { createI18n } from "vue-i18n";

export const LANGUAGES = ["zh-CN", "en"] as const;
export type Language = (typeof LANGUAGES)[number];
export type Entry = "portal" | "desk";

const KEY = "yinuo.language";

type Loader = () => Promise<{ default: object }>;
const FILES: Record<Language, Record<Entry | "shared", Loader>> = {
  "zh-CN": {
    shared: () => import("./locales/zh-CN/shared.json"),
    portal: () => import("./locales/zh-CN/portal.json"),
    desk: () => import("./locales/zh-CN/desk.json"),
  },
  en: {
    shared: () => import("./locales/en/shared.json"),
    portal: () => import("./locales/en/portal.json"),
    desk: () => import("./locales/en/desk.json"),
  },
};

export const i18n = createI18n({
  legacy: false,
  locale: "zh-CN",
  messages: {} as Record<string, Record<string, never>>,
  missingWarn: false,
  fallbackWarn: false,
});

let entry: Entry = "portal";

export function isLanguage(value: string | null | undefined): value is Language {
  return LANGUAGES.some((language) => language === value);
}

/** What the person chose before, else Chinese unless the browser asks for English first. */
export function preferredLanguage(): Language {
  const stored = localStorage.getItem(KEY);
  if (isLanguage(stored)) return stored;
  return navigator.language.toLowerCase().startsWith("en") ? "en" : "zh-CN";
}

/** Loads the texts of `language` and switches to it. */
export async function useLanguage(language: Language): Promise<void> {
  if (!i18n.global.availableLocales.includes(language)) {
    const files = FILES[language];
    const [shared, own] = await Promise.all([files.shared(), files[entry]()]);
    i18n.global.setLocaleMessage(language, { ...shared.default, ...own.default });
  }
  i18n.global.locale.value = language;
  document.documentElement.lang = language;
}

/** Switches and remembers the choice. */
export async function chooseLanguage(language: Language): Promise<void> {
  await useLanguage(language);
  localStorage.setItem(KEY, language);
}

export async function startLanguage(of: Entry): Promise<void> {
  entry = of;
  await useLanguage(preferredLanguage());
}

export function currentLanguage(): Language {
  const locale = i18n.global.locale.value;
  return isLanguage(locale) ? locale : "zh-CN";
}

/** A text that the server sends in both languages, in the reader's. */
export function inLanguage(text: { zh: string; en: string }): string {
  return currentLanguage() === "en" ? text.en : text.zh;
}

/** A text outside of components; inside, `useI18n` does the same and follows a change of language. */
export const translate = i18n.global.t as (key: string, named?: Record<string, unknown>) => string;
export const hasText = i18n.global.te as (key: string) => boolean;

/** A phone number or an e-mail address typed where a number is looked for. It is sent in a body, never in an address. */
import type { ContactSearch } from "@/api/types";

/** Fewer digits may as well be part of a ticket's number. */
const LEAST_DIGITS = 7;

/** What is looked for; null if the text is a number of a ticket, or not whole yet. */
export function contactOf(typed: string): ContactSearch | null {
  const text = typed.trim();
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return { email: text };
  return isPhone(text) ? { phone: text } : null;
}

/** Whether the text is on the way to a contact, so that no ticket is looked for by it as a number. */
export function looksLikeContact(typed: string): boolean {
  return typed.includes("@") || isPhone(typed.trim());
}

function isPhone(text: string): boolean {
  return /^\+?[\d\s()/-]+$/.test(text) && text.replace(/\D/g, "").length >= LEAST_DIGITS;
}

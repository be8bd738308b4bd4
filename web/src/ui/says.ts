/** White space, control characters and signs that nobody sees: what the server takes for an empty text. */
const UNSEEN = /^[\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** Whether nobody can read anything in a text. */
export const saysNothing = (text: string): boolean => UNSEEN.test(text);

/** A subject to write about, with what the other person answers. Spintax: `{a|b}` is one of its options. */
export interface Topic {
  readonly subject: string;
  /** Without greeting and closing. */
  readonly body: string;
  readonly reply: string;
}

/** The texts of one language. A greeting with `NAME` needs the recipient's first name. */
export interface Language {
  readonly greetings: readonly string[];
  /** For recipients whose name is not known. */
  readonly greetingsWithoutName: readonly string[];
  readonly closings: readonly string[];
  /** Before the body, with a space at the end; "" is none. */
  readonly openers: readonly string[];
  /** After the body, with a space at the start. */
  readonly endings: readonly string[];
  readonly topics: readonly Topic[];
}

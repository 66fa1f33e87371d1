/**
 * FoxReach's categories of replies, by our classes: a wish to hear more is interest, a refusal of any kind is not, and what a machine or a
 * successor wrote has no category.
 */
const categoryOfClass = {
  interested: 'interested',
  meeting_request: 'interested',
  question: 'interested',
  not_now: 'not_interested',
  not_interested: 'not_interested',
  wrong_person: 'not_interested',
  unsubscribe_request: 'not_interested',
  hostile: 'not_interested',
  out_of_office: 'out_of_office',
  auto_reply: 'uncategorized',
  left_company: 'uncategorized',
  unknown: 'unknown',
} as const;

export type Category = (typeof categoryOfClass)[keyof typeof categoryOfClass];
export type ClassOfReply = keyof typeof categoryOfClass;

/** Those that a person can set. */
export const categories = ['interested', 'not_interested', 'out_of_office', 'uncategorized', 'unknown'] as const;

export const categoryOf = (classification: ClassOfReply): Category => categoryOfClass[classification];

export const classesOf = (category: string): readonly ClassOfReply[] =>
  (Object.keys(categoryOfClass) as ClassOfReply[]).filter((each) => categoryOfClass[each] === category);

/** The class that a category set by a person stands for. */
export const classOf: Readonly<Record<Category, ClassOfReply>> = {
  interested: 'interested',
  not_interested: 'not_interested',
  out_of_office: 'out_of_office',
  uncategorized: 'auto_reply',
  unknown: 'unknown',
};

const texts: ReadonlyMap<string, string> = new Map(
  Object.entries(categoryOfClass).map(([ours, theirs]) => [JSON.stringify(ours), JSON.stringify(theirs)]),
);

/** JSON text of a class → of its category. Others, from events that callers publish, stay as they are. */
export const categoryText = (value: string): string => texts.get(value) ?? value;

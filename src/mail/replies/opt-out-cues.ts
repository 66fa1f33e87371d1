/**
 * Stems without which hardly any wish to get no more mail is written, in folded text of all eight languages. Of a long text, only sentences with
 * one of them are read further: testing for them costs a hundredth of reading.
 */
const cue = new RegExp(
  [
    // English
    "unsub|\\bopt(?:ed|ing)?[ -]?out|remov|delet|\\beras|\\bstop|cease|\\boff (?:your|the|this|of)|mailing|distribution list|\\bno (?:more|further|longer)|(?:not|n't|never) (?:wish|want|contact|e-?mail|write|send|mail|message|hear|like|interested in receiv)",
    // German
    'abmeld|abbestell|austrag|entfern|losch|streich|verteiler|newsletter|keine (?:weiteren|mails|e-mails|werbung|nachrichten)|nicht mehr|unterlass|widersprech|widerspruch|widerruf',
    // French
    "desinscri|desabonn|retir|supprim|ne (?:plus|m'|nous)|cess(?:er|ez)|arret|liste de diffusion",
    // Spanish
    '\\bbaja\\b|elimin|borr(?:a|e|en)|deje|dejar|\\bno (?:me |nos )?(?:envi|escrib|contact|mand)|desuscri|suscripcion',
    // Portuguese
    'descadastr|remov|exclu|\\bpar(?:em|ar|e de)\\b|\\bnao (?:me |nos )?(?:envi|escrev|contact|mand)|cancel',
    // Italian
    'disiscri|cancell|rimuov|togli|smett|\\bnon (?:mi |ci )?(?:invi|scriv|contatt|mand)|\\blista',
    // Dutch
    'uitschrij|afmeld|verwijder|schrap|geen (?:mail|e-mail|bericht|verdere)|niet meer',
    // Japanese
    '配信|解除|停止|削除|送らない|不要|退会|外して|連絡しない|ご遠慮',
  ].join('|'),
  'u',
);

/** Whether a folded sentence may be a wish to get no more mail. */
export const hasOptOutCue = (sentence: string): boolean => cue.test(sentence);

import type { OptOuts } from './rules.ts';

const month =
  '(?:januar|februar|marz|april|mai|juni|juli|august|september|oktober|november|dezember|fruhjahr|fruhling|sommer\\S*|herbst\\S*|winter\\S*|ostern|pfingsten|weihnachten|jahreswechsel|jahresende|urlaub\\S*|ferien\\S*)';
const mails =
  '(?:mails?|e-?mails?|nachrichten?|werbung|reklame|newsletter|zusendung(?:en)?|anfragen?|angebote?n?|post|anschreiben|kontaktaufnahmen?|zuschriften)';

export const germanOptOuts: OptOuts = {
  others: [
    '(?:losch|abmelde|widerspruchs|opt-?out-?)(?:anfragen|antrage|gesuche|wunsche)',
    'automatisch(?: \\S+){0,8}\\?$|(?:doppelte|ungultige|alte|inaktive)[nr]?(?: \\S+){0,4} (?:losch\\w+|entfern\\w+|geloscht)|(?:verwalt\\w+|verarbeit\\w+|abbild\\w+)(?: \\S+){0,4} (?:abmeld\\w+|abbestell\\w+)|(?:abmeld\\w+|abbestell\\w+)(?: \\S+){0,3} (?:verwalt\\w+|verarbeit\\w+)',
    '(?:empfanger\\S*|kunden|kundinnen|nutzer\\S*|anwender\\S*|abonnenten|kontakte|leads|leser\\S*|mitglieder|teilnehmer|interessenten|mitarbeiter\\S*|leute)(?: \\S+){0,9} (?:abmelden|abbestellen|austragen|abmeldung|abzumelden|widersprechen|loschen|geloscht)',
    '(?:zu viele|so viele|viele|mehr|weniger|hohe|hohen|unsere|die) (?:\\S+ )?(?:abmeldungen|abbestellungen|abmelder|austragungen)|(?:abmelde|abbestell|opt-?out-?|kundigungs)(?:raten?|quoten?|zahlen|prozess|funktion|verfahren|grunde)',
    '(?:die|der|den|alle|aller|kunden\\S*) (?:\\S+ )?(?:daten|kontakte|aufnahmen|aufzeichnungen)(?: \\S+){0,10}\\?$|(?:daten|kontakte|aufnahmen)(?: \\S+){0,4} (?:nach|bei|zum) (?:vertrag\\S*|kundigung|ablauf|ende)',
    '(?:kundigen|kundbar|kundigungsfrist|beenden|pausieren)(?: \\S+){0,10}\\?$|(?:jederzeit|monatlich) (?:kundbar|kundigen)',
    '(?:nehmen|nimm|streichen|tragen|losch\\w+) (?:sie )?(?:bitte )?(?:herrn?|frau|ihn|den|die kolleg\\S+|seine|ihren namen)(?: \\S+){0,6}|(?:aus|von) (?:der|dem) (?:einladung|termin|besprechung|terminserie|kalender\\S*)',
  ],
  own: [
    '(?:konnen|konnten|wurden) (?:sie|ihr) bitte|bitte (?:\\S+ ){0,3}(?:loschen|entfernen)',
    '(?:nehm\\w+|nimm|streich\\w*|entfern\\w*|losch\\w*|trag\\w*|meld\\w*|werf\\w*|schreib\\w*|kontaktier\\w*|mail\\w*|belastig\\w*|lass\\w*|verschon\\w*|sperr\\w*)(?: \\S+){0,3} (?:mich|uns|mir|meine[nrms]?|unsere[nrms]?|diese (?:e-?mail-?|mail-?)?adresse)',
    '(?:mich|uns)(?: \\S+){0,6} (?:abmelden|abzumelden|austragen|auszutragen|streichen|entfernen|loschen|raus\\w*|heraus\\w*)',
    '(?:meine|meiner|meinen|unsere|unserer|unseren|diese) (?:\\S+ )?(?:daten|adresse|e-?mail\\S*|mail\\S*|kontaktdaten)',
    '(?:ich|wir) (?:\\S+ ){0,4}(?:abmelden|abbestellen|widersprech\\w*|widerruf\\w*|austragen)|mochte (?:\\S+ ){0,3}(?:abmelden|austragen|abbestellen)',
  ],
  later: [
    `(?:vor|bis)(?: (?:zum|zur|dem|der|den|ende|anfang|mitte|in|nachste[nrms]?|kommende[nrms]?|im|nach))* (?:${month}|\\S*zeit|monats\\S*|monat|quartals?\\S*|q[1-4]|woche|jahres\\S*|jahr|montag|dienstag|mittwoch|donnerstag|freitag|\\d)`,
    'vorerst|in den nachsten (?:\\S+ )?(?:monaten|wochen)|(?:erst )?wieder (?:im|ab|nach|in) |danach (?:gern|wieder)',
  ],
  removal: [
    'abmeld\\w*|abbestell\\w*|austrag\\w*|losch\\w*|streich\\w*|entfern\\w*|verteiler\\w*|listen?|newsletter|widerspr\\w*|nie (?:mehr|wieder)|dsgvo|sperr\\w*|spam',
  ],
  contrary: [
    'nicht (?:an )?(?:mir|mich|uns),? sondern',
    '(?:horen|hort|hor) (?:sie |ihr )?(?:bitte |bloss )*nicht (?:damit )?auf|nicht aufhoren',
    '(?:bekomm\\w*|erhalt\\w*|kommen|kommt|kam|kamen) (?:\\S+ ){0,3}(?:keine|nicht|nichts)(?: \\S+){0,3} (?:von|aus|bei) (?:ihrem|eurem|deinem|dem|diesem) (?:\\S*system|server|tool|portal|konto|shop|programm)',
  ],
  rules: [
    {
      class: 'unsubscribe_request',
      fixed: true,
      when: [
        'wie (?:melde|bestelle|trage|kann|komme)(?: \\S+){0,5} (?:ab|ab?melden|abbestellen|austragen|aus|raus|runter)$|(?:horen|hort|hor)(?: \\S+){0,2} auf damit',
        '(?:mich|uns|meine \\S+|unsere \\S+|diese \\S+)(?: \\S+){0,3} (?:auf|in) (?:ihre|die|eure|eine|deine) (?:\\S+ )?(?:sperr|black|block|ausschluss|robinson|werbesperr|widerspruchs|nicht-kontaktieren-?)\\S*liste',
        '(?:stellen|stellt|stell) (?:sie )?(?:bitte )?(?:den|jeden|jeglichen|allen)(?: \\S+){0,2} (?:\\S*versand|kontakt|mailverkehr)(?: \\S+){0,3} ein|(?:versand|zusendung\\w*|kontakt\\w*|werbung)(?: \\S+){0,3} (?:einstellen|einzustellen|beenden|zu beenden|unterlassen)',
        '(?:kunftig|zukunftig|in zukunft|ab jetzt|ab sofort|bitte) (?:bitte )?ohne (?:mich|uns)|ohne (?:mich|uns)(?: \\S+){0,2} (?:bitte|weiter|kunftig)',
        '(?:nicht|nichts)(?: \\S+){0,4} in (?:meinem|unserem) (?:postfach|posteingang|mailfach)|aus (?:meinem|unserem) (?:postfach|posteingang)',
        '(?:vergessen|vergiss|vergesst) (?:sie )?(?:bitte )?(?:diese|meine|unsere) (?:\\S+ )?(?:adresse|mailadresse|e-?mail\\S*|anschrift|nummer)|(?:adresse|mailadresse|kontakt|daten)(?: \\S+){0,4} (?:vergessen|raus\\w*|herausnehmen|nehmen$)',
        '(?:nicht (?:mehr|langer)|nie (?:mehr|wieder))(?: \\S+){0,4} (?:auf|in|unter|zu)(?: \\S+)? (?:liste\\w*|verteiler\\w*|empfanger\\w*|adressaten|datenbank|kontakten)',
        '(?:damit|hiermit|mit ihnen|mit euch) nichts (?:mehr )?zu tun haben|(?:auch )?keine (?:post|werbung|mails?)(?: \\S+)? (?:dazu|mehr)',
        `(?:von|vor) (?:\\S+ ){0,2}${mails}(?: \\S+){0,3} (?:absehen|abzusehen|verschon\\w+|verzichten)|(?:sehen|seht|sieh) (?:sie )?(?:\\S+ ){0,4}(?:davon|von \\S+(?: \\S+)?)(?: \\S+){0,2} ab|(?:absehen|abzusehen)(?: \\S+){0,3} (?:uns|mich|mir) (?:\\S+ )?(?:an\\w*schreiben|anzuschreiben|zu kontaktieren|zu schreiben)`,
        `(?:mochte|mochten|will|wollen|wunsche|wunschen|bitte|bitten)(?: \\S+){0,4} (?:solche|solcher|derartige|diese|weitere|ungefragte|unverlangte|unaufgeforderte)[nr]? (?:\\S+ )?${mails}(?: \\S+){0,4} (?:nicht|nie)`,
        `(?:mit|gegen) (?:dieser |solcher |ihrer |eurer |jeder |unverlangter )*(?:e-?mail-?)?(?:werbung|reklame|werbemails|${mails})(?: \\S+){0,4} (?:nicht einverstanden|widerspr\\w+|verwahr\\w+)|(?:unverlangte|unerwunschte|unaufgeforderte|ungebetene) (?:\\S+ ){0,3}${mails}|unzumutbare belastigung|§ ?7 uwg|\\buwg\\b`,
        `(?:wenn|falls|sollte\\w*|bei|noch|nachste|nachsten|weitere[nrms]?|erneut\\w*|wiederholung\\w*|nochmal\\w*|noch einmal)(?: \\S+){0,8} (?:e-?mails?|mails?|nachricht\\w*|schreib\\w*|melden|horen|kontaktier\\w*|wiederholung\\w*|werbung|kommt)(?: \\S+){0,8} (?:anwalt\\S*|rechtsanwalt\\S*|anzeige|abmahn\\S*|melde|gemeldet|beschwerde\\S*|gericht\\S*|rechtlich\\S*|datenschutz\\S*|bundesnetzagentur|verbraucherzentrale|blockier\\w*|spam)|im wiederholungsfall`,
        '(?:nehmt|nehmen|nimm|nehm)(?: \\S+){0,3} (?:mich|uns)(?: \\S+){0,3} (?:raus|heraus|rausnehmen|runter|weg)|(?:mich|uns)(?: \\S+){0,4} (?:wieder )?(?:raus|heraus|runter)(?:zu)?(?:nehmen|streichen|werfen|schmeissen)',
        '(?:sperren|sperrt|sperr|blockieren|blockiert) (?:sie )?(?:bitte )?(?:meine|unsere|diese|mich|uns)',
        `(?:verschont|verschonen sie|verschone) (?:mich|uns)(?: \\S+){0,3} ${mails}`,
        '(?:postfach|adresse|mailadresse|e-?mail-?adresse|mailbox|anschluss)(?: \\S+)? (?:ist|dient)(?: \\S+){0,2} (?:nur|ausschliesslich|allein|lediglich|reserviert)(?: \\S+){0,10} (?:keine|nicht|unerwunscht|werbung|verzichten)',
        'austragen(?: bitte)?$|^austragen',
        '(?:hort|horen sie|hor)(?: \\S+){0,3} auf(?: \\S+){0,2}(?: mit)? (?:den |diesen |euren |ihren )?(?:mails?|e-?mails?|nachrichten|werbung|spam|mist|zeug)',
      ],
    },
  ],
};

import { germanHints } from './de-hints.ts';
import { germanRefusals } from './de-refusals.ts';
import type { LanguageRules } from './rules.ts';

const day =
  '(?:heute|morgen|ubermorgen|(?:montag|dienstag|mittwoch|donnerstag|freitag)(?:s|vormittag|nachmittag|morgen|abend|mittag)?|mo|di|mi|do|fr|nachste woche|kommende woche|diese woche|nachster woche|kommender woche)';
const time = '(?:\\d{1,2}(?:[:.]\\d\\d)? ?uhr|\\d{1,2}:\\d\\d|vormittags?|nachmittags?|mittags|abends)';
const thing =
  '(?:infos?|informationen|unterlagen|details?|einzelheiten|angebote?|preise?|preisliste|broschuren?|prospekt|prasentation|material|muster|link|demo|beispiele?|datenblatt|referenzen|ubersicht|konditionen|kostenvoranschlag|vorschlag|testzugang|vertrag)';

export const german: LanguageRules = {
  language: 'de',
  words:
    'montag dienstag mittwoch donnerstag freitag der die das und ist sind nicht kein keine ich wir sie ihr ihre ihnen uns mir mich mit fur fuer von auf bei den dem ein eine einen haben habe hat bitte danke vielen dank gerne gern aber auch noch schon wie was wo wann zur zum im ab bis wieder bin werden kann konnen herr frau hallo guten tag nachricht interesse',
  negators: 'nicht|nie|niemals|kein|keine|keinen|keinem|keiner|keinerlei|weder|ohne|kaum|nichts|nein|keines|keins',
  negatorsAfter: 'nicht|nie|kaum|keineswegs|nirgends',
  contrast: 'aber|jedoch|sondern|dennoch|allerdings|trotzdem|obwohl|denn|weil|da|sonst|dafur',
  doubt: 'nicht sicher,? ob|weiss nicht,? ob|frage mich,? ob|falls|sofern|wenn (?:sie|du|ihr)|ob',
  forNow:
    'derzeit|aktuell|momentan|im moment|zurzeit|zur zeit|vorerst|gerade|im augenblick|jetzt|dieses jahr|heuer|bis auf weiteres|noch nicht|gegenwartig|vorlaufig',
  formerly: 'bisher|anfangs|zunachst|zuerst|ursprunglich|fruher|damals|bis jetzt',
  urgent:
    'dringend|dringenden|dringende|dringendes|notfall|notfallen|eilig|eiligen|vertretung|vertritt|wahrend meiner abwesenheit|in meiner abwesenheit|in der zwischenzeit',
  asks: 'was|wie|wo|woher|wann|wer|welche|welcher|welches|warum|wieso|wieviel|gibt es|haben sie|hast du|konnen sie|kannst du|bieten sie|unterstutzt|lasst sich|kann man|ist (?:das|es|die|der|ihr|ihre)|sind (?:sie|die)|funktioniert|arbeiten sie|wird',
  occasions: {
    places:
      'messe|tagung|konferenz|kongress|schulung|fortbildung|weiterbildung|seminar|klausur\\w*|workshop|veranstaltung',
    present:
      'bin|sind|ist|befinde\\w*|werde\\w*|derzeit|aktuell|momentan|zurzeit|zur zeit|gerade|heute|morgen|diese woche|bis \\S+|wegen|aufgrund|infolge|^(?:auf|bei|in)',
    meets: 'sehen|treffen|besuchen|freue\\w*|kennenlernen|wiedersehen|bis (?:dann|bald)|stand|halle',
  },
  plans: {
    when: '(?:lese|lesen|schaue|schauen|schau|prufe|prufen|sehe|gucke|antworte|beantworte|beantworten) (?:es|das|dies|mir|uns|ich|wir|ihr\\w*)|besprechen (?:das|es|dies)|besprechen wir (?:das |es |dies )?(?:\\S+ ){0,3}intern|(?:ich|wir) melden? (?:mich|uns)|melden? (?:ich|wir)? ?(?:mich|uns)|werden?(?: \\S+){0,5} (?:lesen|prufen|ansehen|anschauen|besprechen|beraten|diskutieren|melden|antworten)',
    unless:
      'telefon\\w*|anruf\\w*|rufen?|call|termin\\w*|treffen|gesprach\\w*|sprechen|meeting|zoom|teams|frei|verfugbar|zeit|passt|mit ihnen|gemeinsam|zusammen|kalender\\w*|einladung|demo|vorschlag\\w*|konnten wir|konnen wir|lassen sie uns',
  },
  back: '(?:wieder )?(?:zuruck|im buro|im haus|da|erreichbar|im dienst|am arbeitsplatz|verfugbar|im einsatz|fur sie da|vor ort|anwesend|im unternehmen)(?: ab| am)?|(?:ab|am)|kehre|ruckkehr|wieder(?: ab| am)?|erst(?: wieder)?(?: ab| am)?|antworten?|beantworte|lese|bearbeite|melde(?: ich)? mich',
  until: 'bis (?:einschliesslich|einschl\\.?|inkl\\.?|inklusive|zum)(?: zum)?|bis|-|–|—',
  inclusive: 'einschliesslich|einschl\\.?|inklusive|inkl\\.?|inclusive|mit dem|-|–|—',
  untilIsInclusive: true,
  months: [
    'j(?:a|ae)n(?:uar|ner)?',
    'feb(?:ruar)?',
    'm(?:a|ae)rz',
    'apr(?:il)?',
    'mai',
    'jun[io]?',
    'jul[iy]?',
    'aug(?:ust)?',
    'sept?(?:ember)?',
    'okt(?:ober)?',
    'nov(?:ember)?',
    'dez(?:ember)?',
  ],
  weekdays: [
    'montag|mo',
    'dienstag|di',
    'mittwoch|mi',
    'donnerstag|do',
    'freitag|fr',
    'samstag|sonnabend|sa',
    'sonntag|so',
  ],
  tomorrow: 'morgen',
  afterTomorrow: 'ubermorgen',
  nextWeek: 'nachste woche|nachster woche|kommende woche|kommender woche',
  next: 'nachsten|kommenden|nachster|nachste|kommender',
  rules: [
    ...germanRefusals,
    ...germanHints,
    {
      class: 'left_company',
      fixed: true,
      when: [
        '(?:nicht (?:mehr|langer)|nicht mehr) (?:\\S+ ){0,5}?(?:bei uns|im (?:unternehmen|haus|hause|team|betrieb)|fur (?:die|das|unser|unsere|uns)|in (?:der|unserer|unserem|diesem) (?:firma|unternehmen|gesellschaft|haus|hause|team|organisation)|tatig|beschaftigt|angestellt|da|hier|mitarbeiter\\w*|teil)',
        '(?:arbeitet|arbeite|ist|bin|sind) (?:\\S+ ){0,4}?nicht (?:mehr|langer) (?:bei|in|fur|im|hier|tatig|beschaftigt|da|unter)',
        '(?:unternehmen|firma|gesellschaft|haus|team|organisation|betrieb) (?:\\S+ ){0,6}?(?:verlassen|verlasst|verlasse|ausgeschieden|ausscheiden)|ausgeschieden|(?:verlassen|verlasse) (?:\\S+ ){0,4}?(?:unternehmen|firma|haus)|scheide … aus',
        'im ruhestand|in (?:den ruhestand|rente|pension)|pensioniert|verstorben|in rente|mein letzter (?:arbeits)?tag|letzter arbeitstag|nachfolger(?:in)?|meine nachfolge|(?:hat|haben) … gekundigt|neue herausforderung|ehemalige[rn]? (?:mitarbeiter|kolleg)\\w*|(?:hat|habe|haben) (?:den arbeitgeber|die stelle) gewechselt',
      ],
      unless: ['nicht mehr (?:interessiert|kontaktiert|notig|mail)'],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        '(?:nicht|falsch\\w*)(?: \\S+){0,3} (?:zustandig|ansprechpartner(?:in)?|richtige[rn]? (?:ansprechpartner(?:in)?|person|kontakt|adresse|stelle)|verantwortlich|ansprechperson|entscheider(?:in)?|mein (?:bereich|thema|gebiet|ressort|aufgabe\\w*)|in meinem? (?:bereich|verantwortung\\w*|zustandigkeit\\w*)|bei mir)',
        '(?:falsche[rn]?|verkehrte[rn]?) (?:ansprechpartner(?:in)?|person|adresse|stelle|abteilung|kontakt|mail|empfanger|adressat)|(?:bei mir|hier) (?:\\S+ )?(?:falsch|an der falschen|verkehrt)|falsch bei (?:mir|uns)|an der falschen (?:adresse|stelle)',
        '(?:wenden|richten) (?:sie )?(?:sich )?(?:\\S+ ){0,4}?(?:an|bei) (?!(?:mich|mir|uns|ihnen|euch)\\b)(?:\\S+)',
        '(?:schreiben|kontaktieren|fragen|sprechen|rufen|ansprechen|mailen|schreib|kontaktiere|frag) (?:sie )?(?:\\S+ ){0,3}?(?:an |mit )?(?:meine[nm]? kolleg\\w+|unsere[nm]? (?:kolleg\\w+|einkauf|\\w*leiter\\w*|\\w*abteilung|agentur|it|zentrale|geschaftsfuhr\\w+|chef\\w*)|herrn? \\w+|frau \\w+|den einkauf|die zentrale|die it)',
        '(?:zustandig|verantwortlich|ansprechpartner(?:in)?|richtiger? ansprechpartner(?:in)?|richtige ansprechperson|ansprechperson)(?: \\S+){0,4} (?:ist|sind|ware|waren) (?!(?:das|es|sie|er) )(?:\\S+)|(?:ist|sind|ware)(?: \\S+){0,5} (?:zustandig|verantwortlich|der richtige ansprechpartner|die richtige ansprechpartnerin|ihr ansprechpartner|ihre ansprechpartnerin)',
        '(?:macht|machen(?! sie)|entscheidet|entscheiden|ubernimmt|betreut|kummert sich|kummern sich|bearbeitet|regelt|verantwortet|steuert)(?: \\S+){0,4} (?:bei uns |dafur |darum )?(?:der|die|das|unsere?|mein|meine|herr|frau|ein|eine|kolleg\\w+|andere)(?: \\w+)?|(?:einkauf|abteilung|marketing|zentrale|agentur|it|kolleg\\w+|geschaftsfuhrung|mutterkonzern|konzern\\w*|vertrieb|hr|personal\\w*|chef\\w*) (?:\\S+ ){0,3}?(?:macht|entscheidet|ubernimmt|betreut|kummert|bearbeitet|verantwortet|zustandig)',
        '(?:leite|leiten|leitete|habe|weitergeleitet|gebe|gab|reiche)(?: \\S+){0,6} (?:weiter|weitergeleitet|weitergegeben|kolleg\\w+)|weitergeleitet|setze … (?:in )?(?:cc|kopie)|(?:in cc|in kopie)',
        '(?:das thema|das|dies|dieses thema|thema|darum|dafur)(?: \\S+){0,2} (?:liegt|lauft|wird|geht|gehort)(?: \\S+){0,3} (?:bei|uber|von|in|zu) (?:der|die|dem|unserer?|unserem|meine[rmn]?|einer|herrn|frau|einem)',
      ],
      unless: ['wer (?:ist|ware)', 'bei fragen', 'wenn ich wieder', 'nicht weitergeleitet', 'werden nicht'],
    },
    {
      class: 'out_of_office',
      fixed: true,
      when: [
        '(?:bin|sind|befinde|befinden|werde|ist|war|derzeit|aktuell|momentan|zurzeit|zur zeit|habe)(?: \\S+){0,8} (?:im urlaub|urlaub|abwesend|nicht im (?:buro|haus|hause|dienst|unternehmen)|ausser haus|nicht (?:am|an meinem) (?:arbeits)?platz|unterwegs|auf (?:dienstreise|geschaftsreise|reisen|einer messe|der messe|fortbildung|schulung|reise)|in (?:elternzeit|mutterschutz|den ferien|ferien|karenz|betriebsferien)|im (?:mutterschutz|krankenstand|sabbatical)|krank|nicht erreichbar|verreist|nicht verfugbar|krankgeschrieben|betriebsferien|nicht anwesend|in der elternzeit|ortsabwesend)',
        'abwesenheit(?:snotiz|sassistent|sbenachrichtigung|sinfo|smeldung)?|ausser haus|nicht im (?:buro|hause?)|betriebsurlaub|betriebsferien|betriebsruhe|urlaubsbedingt|jahresurlaub|elternzeit|mutterschutz|(?:unser )?(?:buro|geschaft|betrieb) (?:ist|bleibt)(?: \\S+){0,8} geschlossen|geschlossen (?:bis|vom|ab)',
        '(?:wieder|erst)(?: \\S+){0,6} (?:erreichbar|im buro|im haus|im hause|zuruck|fur sie da|im dienst|da|anwesend|verfugbar)|nach meiner ruckkehr|(?:eingeschrankt|keinen|begrenzt\\w*|nur sporadisch)(?: \\S+){0,4} (?:zugriff|erreichbar|zugang)',
      ],
      unless: ['nicht mehr (?:bei|im|in)', 'nach dem urlaub'],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        'automatisch(?:e|er|en)?(?: \\w+)? (?:antwort|nachricht|mail|e-?mail|bestatigung|erzeugt\\w*|generiert\\w*|erstellt\\w*|versendet\\w*|eingangsbestatigung)|automatisch (?:erzeugt|generiert|erstellt|versandt|versendet)|eingangsbestatigung',
        '(?:ihre|deine|eure) (?:\\w+ )?(?:anfrage|nachricht|e-?mail|mail|mitteilung|bewerbung|meldung|anliegen)(?: \\S+){0,4} (?:ist|wurde|haben wir|wird)(?: \\S+){0,6} (?:eingegangen|erhalten|registriert|bearbeitet|erfasst|angelegt|aufgenommen|beantwortet|weitergeleitet)',
        '(?:haben|wir haben|habe)(?: \\S+){0,3} (?:ihre|deine|ihr)(?: \\S+){0,3} (?:erhalten|empfangen)',
        '(?:ticket|vorgang|vorgangs|anfrage|fall|referenz|bearbeitungs|ticket-)-? ?(?:nummer|nr\\.?|id)|ticket ?#?\\d+',
        '(?:melden uns|kummern uns|antworten|beantworten|setzen uns|werden uns|wird sich|wir werden)(?: \\S+){0,6} (?:schnellstmoglich|so schnell wie moglich|so bald wie moglich|in kurze|baldmoglichst|umgehend|innerhalb|binnen|zeitnah|werktag\\w*|stunden|schnellst\\w+)',
        '(?:postfach|adresse|mailbox|e-?mail-?adresse)(?: \\S+){0,4} (?:nicht|un)(?: \\S+)? ?(?:uberwacht|gelesen|betreut|abgerufen)|antworten sie (?:bitte )?nicht auf diese|diese nachricht bitte nicht',
      ],
      unless: ['ich (?:bin|habe)'],
    },
    {
      class: 'interested',
      negated: 'not_interested',
      when: [
        'interesse|interessiert|interessant\\w*|interessieren|spannend\\w*|neugierig|reizvoll|ansprechend|relevant|vielversprechend|uberzeugt|aktuelles thema|passend|hilfreich|sinnvoll|attraktiv',
        'klingt (?:\\S+ )?(?:gut|spannend|interessant|vielversprechend|super|toll|passend|vernunftig|nach)|hort sich (?:\\S+ )?(?:gut|spannend|interessant|super|toll|vielversprechend)(?: an)?|bedarf|gebrauchen|kommt (?:\\S+ )?infrage|kommt (?:\\S+ )?in frage|passt (?:gut |genau |super |perfekt )?(?:zu uns|fur uns|in unser\\w*)|wir suchen|suchen wir|sind (?:gerade |derzeit |aktuell )?auf der suche',
        '(?:mochte|wurde|wollen|will|mochten|wurden) (?:\\S+ ){0,4}?(?:mehr (?:erfahren|wissen|horen|daruber)|kennenlernen|testen|ausprobieren|naher|ansehen|anschauen|genauer)',
      ],
      unless: ['(?:ihr|ihrem) interesse', 'anwalt\\w*', 'interesse an unser'],
    },
    {
      class: 'interested',
      when: [
        `(?:schicken|senden|schick|sende|zuschicken|zusenden|zukommen lassen|zukommen|ubermitteln|lassen|mailen|schickt|machen|unterbreiten|bekommen|erhalten|brauche|benotige|benotigen|freue mich (?:uber|auf))(?: \\S+){0,8} ${thing}|${thing}(?: \\S+){0,5} (?:schicken|senden|zusenden|zuschicken|zukommen|ubersenden|bekommen|erhalten|freuen|willkommen|anfordern)`,
        '(?:schicken|senden|erzahlen|sagen|erzahl|schick|zeigen|stellen|schreiben) (?:sie )?(?:\\S+ ){0,4}?mehr|mehr (?:dazu|daruber|infos?|informationen|details|erfahren)|(?:nachsten|nachste|weiteren) schritte|wie (?:geht es|gehen wir|machen wir) (?:jetzt |nun |dann )?weiter|^(?:ja|gerne|gern|klar),? |^(?:ja|ja gerne|ja gern|gerne|gern|sehr gerne|sehr gern|klar|auf jeden fall|unbedingt|selbstverstandlich|natuerlich|naturlich|warum nicht|los gehts|einverstanden|ja bitte)(?: (?:bitte|danke|gerne|gern|her damit|doch|mal|so))*$|legen (?:wir|sie) los|wir sind dabei|bin dabei|probezugang|testphase|pilotprojekt',
      ],
      unless: ['wenden sie sich', 'auf ihre mail', 'keine'],
    },
    {
      class: 'left_company',
      fixed: true,
      when: [
        '(?:firma|arbeitgeber|stelle|job|unternehmen|arbeitsplatz)(?: \\S+){0,2} gewechselt|gibt es (?:\\S+ ){0,3}?nicht mehr|nicht mehr (?:bei uns|hier|unter uns|da|im team|angestellt)|verlasst (?:uns|das unternehmen|die firma)|hat (?:uns|die firma|das unternehmen) verlassen|(?:arbeitet|arbeite) (?:jetzt|nun|inzwischen|mittlerweile)(?: \\S+)? (?:bei|fur|woanders)|neuen? (?:job|arbeitgeber|stelle)|gekundigt|in altersteilzeit|(?:letzter|letzten) (?:arbeits)?tag',
      ],
      unless: ['gibt es .{0,40}nicht mehr (?:als|in)', 'vertrag .{0,20}gekundigt'],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        '(?:mussten|sollten|konnten|musst|solltest|muss|kann|am besten)(?: \\S+){0,3} (?:mit|an|bei|uber) (?!(?:mir|mich|uns)\\b)(?:\\S+ ){1,6}?(?:besprechen|klaren|sprechen|abstimmen|reden|fragen|wenden|anfragen|melden|richten|diskutieren)|(?:besprechen|klaren|diskutieren|bereden) (?:sie )?(?:das |dies |es )?(?:\\S+ )?(?:mit|bei) (?:unsere|meine|der|dem|frau|herrn)\\S*',
        '^(?:\\S+ ){0,3}?ich (?:bin|mache|betreue|arbeite|kummere mich)(?: hier)? (?:nur|lediglich|bloss|ausschliesslich)|(?:habe|hab) (?:damit|mit (?:diesem|dem) thema|mit (?:sowas|so etwas)) nichts zu tun|nicht (?:meine?|unsere?) (?:baustelle|abteilung|entscheidung|aufgabe|thema|zustandigkeit|bereich)|(?:in eine andere|die) abteilung gewechselt|(?:entscheide|entscheiden) (?:ich|das|wir)(?: \\S+){0,2} nicht|(?:das|dies) (?:entscheidet|entscheiden|regelt|verantwortet|betreut|liegt)(?: \\S+){1,4}|sache (?:von|der|des|unserer)|(?:liegt|lage) (?:bei|in den handen)(?: \\S+){1,4}',
        '(?:ansprechpartner|zustandig|verantwortlich)(?: \\S+){0,3} (?:ware|ist|sind)(?: \\S+){1,3}',
      ],
      unless: [
        'wer (?:ist|ware)',
        'bei fragen',
        'mich wenden',
        'in meiner abwesenheit',
        'ich bin nur (?:neugierig|noch|bis|kurz)',
      ],
    },
    {
      class: 'interested',
      fixed: true,
      when: [
        '(?:bitte|bitten|wunsche|brauche|benotigen|benotige|hatte|hatten|mochte|mochten|freue)(?: \\S+){0,3} (?:um|uber|gern|gerne|ein|eine|einen)(?: \\S+){0,3} (?:angebot|infos?|informationen|unterlagen|preise?|details?|beispiele?|broschure|testzugang|demo|kostenvoranschlag|prasentation)|angebot (?:fur|uber) \\d+|(?:mal|gern|gerne|naher|genauer) (?:anschauen|ansehen|ausprobieren|testen)|gibt es (?:\\S+ ){0,2}?(?:testzugang|testversion|probezugang|broschure|pdf|demo|unterlagen|preisliste|video)|haben sie (?:\\S+ ){0,2}?(?:broschure|pdf|unterlagen|preisliste|testzugang|infomaterial|video)(?: \\S+){0,3}$|genau (?:das|so etwas|so was)(?: \\S+){0,3} (?:suchen|gesucht|brauchen|gebraucht)|(?:suchen|brauchen|brauchten|suchten|haben gesucht)(?: \\S+){0,3} (?:so etwas|sowas|genau|gerade|schon lange|eine losung)|kommt (?:\\S+ )?(?:wie gerufen|genau richtig|gerade recht)|mein(?:e)? (?:chef\\w*|team|kolleg\\w+|geschaftsfuhr\\w+)(?: \\S+){0,3} (?:interessiert|begeistert|angetan|mehr)|wie (?:kann ich|konnen wir) (?:\\S+ )?(?:starten|bestellen|anfangen|loslegen|anmelden)',
      ],
      unless: ['kein\\w*', 'nicht mehr', 'anwalt', 'abmelden'],
    },
    {
      class: 'out_of_office',
      fixed: true,
      when: [
        '(?:habe|hab|im|mein|meinem) urlaub|(?:bin|wieder|erst)(?: \\S+){0,4} (?:ab|am) (?:dem |den )?\\d|(?:wegen|aufgrund)(?: \\S+){0,2} (?:krankheit|urlaub\\w*|abwesenheit|dienstreise)|nicht im haus|krankgeschrieben|stellvertret\\w+|meine vertretung',
      ],
      unless: ['nicht mehr im haus', 'habe (?:kein\\w*|schon) urlaub'],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        '(?:kummern|kummert|antworten|melden|beantworten)(?: \\S+){0,8} (?:innerhalb|binnen|in der regel|schnellstmoglich|werktag\\w*|stunden|kurze|bald|zeitnah|umgehend)|bestatigen (?:\\S+ ){0,2}?(?:den )?(?:eingang|erhalt)|nicht (?:besetzt|betreut|uberwacht)|servicezeiten|geschaftszeiten|offnungszeiten|fall(?:nummer)? ?#?\\d|ein(?:er|e)? (?:\\S+ ){0,2}?mitarbeiter\\w*(?: \\S+){0,4} (?:melden|kontaktieren|bearbeiten|setzen)',
      ],
      unless: ['ich ', 'kein (?:interesse|bedarf)|nicht interessiert'],
    },
    {
      class: 'interested',
      negated: 'not_interested',
      when: [
        '(?:konnte|konnten|wurde|wurden|durfte)(?: \\S+){0,4} (?:passen|helfen|interessant sein|sinnvoll sein|etwas fur (?:uns|mich) sein|infrage kommen|nutzen|gebrauchen)|offen (?:dafur|fur)|versuch wert|(?:welche|was fur) (?:angaben|informationen|daten|unterlagen) (?:brauchen|benotigen)|(?:bitte )?(?:zugang|account|konto|testzugang) (?:einrichten|freischalten|anlegen)|(?:probieren|testen|versuchen)(?: \\S+){0,2} (?:wir|es|das)(?: \\S+){0,2}|(?:gut|schon) (?:geschrieben|gemacht)|uberzeugen sie mich|her damit',
      ],
      unless: ['anwalt', 'wer weiss', 'abmelden'],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        '(?:nichts|nicht) (?:zu )?(?:entscheiden|entscheide|sagen|melden)(?: habe| haben)?$|nichts zu entscheiden|(?:freier mitarbeiter|externer|praktikant\\w*|werkstudent\\w*|azubi|auszubildende\\w*|aushilfe|datenschutzbeauftragte\\w*)|(?:richten|senden|schicken|leiten|wenden) (?:sie )?(?:\\S+ ){0,4}?(?:an|bei) \\S+@\\S+|(?:bitte )?an \\S+@\\S+',
      ],
      unless: ['in meiner abwesenheit|dringend', 'angebot|unterlagen|infos?'],
    },
    {
      class: 'left_company',
      fixed: true,
      when: [
        '(?:nicht mehr|nimmer) (?:da|hier|bei uns|im haus)|postfach(?: \\S+){0,4} (?:geschlossen|geloscht|deaktiviert|abgeschaltet)',
      ],
      unless: ['interesse|urlaub'],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        '(?:hohen|grossen|erhohten) (?:\\S+ )?(?:aufkommens?|anfragen\\w*|nachfrage)|(?:beantwortung|bearbeitung|antwort)(?: \\S+){0,4} (?:langer|dauern|verzoger\\w+|zeit)|bitten (?:\\S+ )?um (?:geduld|verstandnis)|no-?reply',
      ],
    },
    {
      class: 'out_of_office',
      fixed: true,
      when: [
        '(?:sommer|winter|jahres|weihnachts|kurz|oster)urlaub|im (?:\\S+)?urlaub|vom \\d{1,2}\\.(?:\\S+)? bis(?: zum)? \\d',
      ],
      unless: ['nach dem', 'termin|telefon|frei'],
    },
    {
      class: 'interested',
      fixed: true,
      when: [
        '(?:schicken|senden|schick|sende|zeigen)(?: \\S+){0,4} (?:etwas|was|alles|mehr|ruber|mal)(?: \\S+)?|(?:prufen|vergleichen|evaluieren|sondieren|suchen)(?: \\S+){0,2} (?:gerade|derzeit|aktuell|anbieter|losungen|alternativen|angebote)',
      ],
      unless: ['kein|nicht|nie|aufhoren'],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        '(?:liegt|ist) nicht (?:bei|an) mir|nicht meine entscheidung|fragen sie (?:\\S+ )?(?:unseren?|meinen?|herrn?|frau|den|die)(?: \\S+)?',
      ],
      unless: ['dringend|abwesenheit'],
    },
    {
      class: 'out_of_office',
      fixed: true,
      when: [
        '(?:bin|sind)(?: \\S+){0,6} (?:weg|fort|unterwegs|verreist)(?: \\S+){0,6}(?:zuruck|da|erreichbar)?$|(?:weg|fort) und (?:\\S+ ){0,4}(?:zuruck|wieder)',
      ],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        '(?:nachricht|anfrage|e-?mail|mail|anliegen)(?: \\S+){0,3} (?:ist|wurde)(?: \\S+){0,5} (?:eingegangen|angekommen|erfasst|registriert)|(?:vorgangs|ticket|referenz|fall|bearbeitungs)-?(?:nummer|nr|zeichen)',
      ],
    },
    {
      class: 'meeting_request',
      fixed: true,
      when: [
        '(?:erreichen|erreichst|erreicht) (?:sie |du )?(?:mich|uns)(?: \\S+){0,8}|erreichbar (?:unter|zwischen|von|ab)|(?:stellen|stell|setzen|setz|tragen|planen) (?:sie )?(?:\\S+ ){0,4}?(?:termin|call|meeting|gesprach)|kommen sie (?:\\S+ ){0,3}?(?:vorbei|zu uns)|vorbeikommen|(?:lieber|besser|gern|gerne) (?:\\S+ )?(?:telefonisch|personlich|am telefon)|verschieben|verlegen|wann (?:konnen|kann|haben|hatten|passt|ware)',
      ],
      unless: ['urlaub|abwesenheit|dringend|notfall|ab dem|wieder erreichbar|nicht erreichbar|website|webseite|seite'],
    },
    {
      class: 'meeting_request',

      when: [
        `(?:telefonieren|telefonat|anruf|anrufen|ruckruf|zuruckrufen|call|gesprach|termin|termine|treffen|videocall|videokonferenz|teams|zoom|besprechung|austausch|meeting|demo|vorfuhrung)(?:\\S*)(?: \\S+){0,8} (?:${day}|${time}|vereinbaren|ausmachen|machen|anbieten|vorschlagen|moglich|gerne|gern|fuhren|finden|abstimmen|buchen|einstellen|ansetzen)`,
        `(?:${day}|${time}|gerne|gern|mal|kurz|konnen wir|konnten wir|lassen sie uns|lass uns|wollen wir|sollen wir|mussen wir|wir konnen|wir konnten|konnen sie mich|wurde ich)(?: \\S+){0,8} (?:telefonieren|sprechen|treffen|anrufen|unterhalten|zusammensetzen|austauschen|call|termin|gesprach|telefonat|videocall|teams|zoom|meeting|demo|reden|zeigen)`,
        '(?:rufen|ruf) (?:sie )?(?:\\S+ )?(?:mich|uns|durch)(?: \\S+){0,8} (?:an|zuruck|durch)?|(?:rufen|ruf) (?:sie )?(?:bitte |doch |gerne |gern )*(?:mich|uns)',
        `(?:passt|passen|ginge|geht|wurde|ware|klappt|hatten sie|haben sie|hast du|sind sie|bin|bin ich|habe ich|hatte ich|ich habe|haben wir|schlage|vorschlag)(?: \\S+){0,8} (?:${day}|${time})(?: \\S+){0,4}|(?:${day}|${time})(?: \\S+){0,6} (?:passt|passen|ginge|geht|klappt|frei|zeit|verfugbar|gut|moglich|recht|ideal|in ordnung)`,
        '(?:termin|termine|terminvorschlag\\w*|zeitfenster|kalendereinladung|einladung|kalender|kalenderlink|terminanfrage|uhrzeit\\w*)(?: \\S+){0,8} (?:schicken|senden|vorschlagen|vorschlage|machen|finden|vereinbaren|buchen|nennen|bitte|an|anbieten|aussuchen|zusenden|wahlen)|(?:schicken|senden|nennen|machen|buchen|vereinbaren|vorschlagen|schick|sende|suchen|wahlen|bieten|schlagen)(?: \\S+){0,6} (?:termin|termine|terminvorschlag\\w*|einladung|kalendereinladung|zeitfenster|slot|slots)|terminvorschlag\\w*|wann (?:\\S+ ){0,4}?(?:zeit|passt|sprechen|telefonieren|erreichen|erreichbar)',
      ],
      unless: ['urlaub', 'geht (?:es|das)(?: nicht)? um', 'keine zeit', 'kein termin'],
    },
  ],
};

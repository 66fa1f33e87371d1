import type { LanguageRules } from './rules.ts';

const day =
  '(?:heute|morgen|ubermorgen|montag|dienstag|mittwoch|donnerstag|freitag|mo|di|mi|do|fr|nachste woche|kommende woche|diese woche|nachster woche|kommender woche)';
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
  back: '(?:wieder )?(?:zuruck|im buro|im haus|da|erreichbar|im dienst|am arbeitsplatz|verfugbar|im einsatz|fur sie da|vor ort|anwesend|im unternehmen)(?: ab| am)?|(?:ab|am)|kehre|ruckkehr|wieder(?: ab| am)?|erst(?: wieder)?(?: ab| am)?',
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
  nextWeek: 'nachste woche|nachster woche|kommende woche|kommender woche',
  next: 'nachsten|kommenden|nachster|nachste|kommender',
  rules: [
    {
      class: 'unsubscribe_request',
      fixed: true,
      when: [
        '^(?:bitte )?(?:abmelden|abbestellen|austragen|abmeldung|abbestellung|stop|stopp|loschen|loschung|entfernen|unsubscribe|keine mails|keine werbung|newsletter abbestellen|newsletter abmelden|aufhoren|schluss|schluss damit)(?: bitte| danke| sofort)*$',
        '(?:keine|keinerlei|nie wieder) (?:weitere[nr]? |mehr |solche[nr]? |derartigen? |unaufgeforderten? )*(?:e-?mails?|mails?|nachrichten|werbung|werbemails?|werbe-?e-?mails?|newsletter|post|zusendungen|anfragen|anschreiben|kontaktaufnahmen?|kontaktversuche|angebote|spam)… ?(?:mehr|schicken|senden|zusenden|erhalten|bekommen|wunschen|wunsche|haben|zukommen|bitte|von ihnen|von euch|$)',
        '(?:nicht|nie) (?:mehr |wieder |langer )+(?:an(?:zu)?schreiben|angeschrieben|kontaktieren|kontaktiert|zu kontaktieren|anmailen|melden|belastigen|belastigt|schreiben|anrufen|bemailen|von ihnen horen|von euch horen|erhalten|per e-?mail)',
        '(?:schreiben|kontaktieren|mailen|senden|schicken|schreib|kontaktiere|melden|belastigen|nerven|nervt|schickt|sendet|schreibt|kontaktiert) (?:sie |ihr )?(?:mir|mich|uns|sich)? ?(?:bitte )?(?:nie|nicht|keine)(?: \\w+)? ?(?:mehr|wieder|weiteren?)',
        '(?:horen|hort|hor) (?:sie |bitte )*auf(?:,| )|(?:unterlassen|unterlasst|unterlassen sie) (?:sie )?(?:bitte )?(?:weitere|diese|jede|kunftige|das|es)|unterlassung',
        '(?:will|mochte|wunsche|wollen|mochten|wunschen) (?:ich |wir )?(?:bitte )?(?:das |von ihnen |davon |in zukunft |kunftig |kunftige |hiervon )?(?:nicht mehr|keine|nichts mehr|nie wieder|nicht (?:langer|weiter))(?: \\w+){0,4} (?:kontaktiert|angeschrieben|erhalten|bekommen|horen|belastigt|haben|lesen|wissen|mails?|e-?mails?|nachrichten|werbung|kontakt)',
        'widerspreche|widerspruch|einwilligung|(?:loschen|loschung|entfernung|auskunft)… (?:dsgvo|art\\.? ?\\d|artikel \\d|gespeicherten|personenbezogen)|dsgvo… (?:loschen|loschung)',
      ],
      unless: [
        'nicht mehr (?:bei|im|hier)',
        'bis (?:januar|februar|marz|april|mai|juni|juli|august|september|oktober|november|dezember|nachst)',
      ],
    },
    {
      class: 'unsubscribe_request',
      when: [
        '(?:nehmen|nimm|streichen|streich|entfernen|entferne|loschen|losche|tragen|trage|trag|melden|melde|austragen|abmelden|nehmt|loscht|streicht) (?:sie )?(?:bitte )?(?:mich|uns|meine[n]?|unsere[n]?|diese[n]?)(?:(?! (?:zuruck|an)).){0,50}?(?:aus|von|ab|raus|verteiler|liste|datenbank|adresse|daten|mail|kontakt|heraus|kontaktdaten|adressbestand)',
        '(?:mich|uns|meine|unsere|diese) (?:\\S+ ){0,6}?(?:aus|von) (?:ihrem|ihrer|dem|der|eurer|eurem|den|ihren|deiner|allen|jeglichen)… ?(?:verteiler|mailverteiler|liste|datenbank|adressliste|system|newsletter|kartei|mailingliste|listen|adressbestand|crm|empfangerliste)… ?(?:nehmen|streichen|loschen|entfernen|austragen|zu|$)',
        '(?:aus|von) (?:ihrem|ihrer|dem|der|eurer|eurem|diesem|dieser|den|ihren) (?:\\w+)?(?:verteiler|mailverteiler|liste|mailingliste|datenbank|adressliste|newsletter|kartei|empfangerliste|listen)',
        '(?:meine|unsere|diese|alle meine|meine personlichen) (?:\\w+ )?(?:daten|adresse|e-?mail-?adresse|mailadresse|kontaktdaten|mail|email)… (?:loschen|entfernen|streichen|sperren|zu loschen|geloscht)',
        '(?:loschen|losche|loscht|entfernen|sperren)… (?:meine|unsere|meiner|unserer) (?:\\w+ )?(?:daten|adresse|e-?mail-?adresse|mailadresse|kontaktdaten|mail|email)',
        '(?:mich|uns) (?:bitte )?(?:abmelden|austragen|loschen|streichen|entfernen|abzumelden|auszutragen|in ruhe)|(?:mochte|will|wurde) (?:mich|ich mich|diesen newsletter|den newsletter|das) … ?(?:abmelden|abbestellen|austragen)|lassen sie (?:mich|uns) … ?in ruhe|lasst (?:mich|uns) … ?in ruhe',
        'abmelden$|abbestellen$|austragen$',
      ],
      unless: ['(?:kann|konnen|konnten) (?:man|empfanger|kunden|kontakte|die|sich)\\b', 'in meiner abwesenheit'],
    },
    {
      class: 'hostile',
      when: [
        'frechheit|unverschamt\\w*|dreist\\w*|idiot\\w*|arschloch\\w*|trottel|depp\\w*|scheiss\\w*|scheisse|mull|dreck\\w*|abzocke\\w*|betruger\\w*|betrug|verarsch\\w*|verpiss\\w*|leck mich|fick\\w*|schert? (?:sie |euch )?zum teufel|zum teufel|hau(?:en sie)? ab|halt(?:s|en sie)? (?:maul|klappe)|halts maul|gesindel|pack|spammer|spinner|volltrottel|schamen sie sich|schamt euch|schwachsinn|blodsinn|unseriose?[rn]?',
        '(?:anwalt\\w*|rechtsanwalt\\w*|anzeige|strafanzeige|abmahn\\w*|verklage\\w*|rechtliche schritte|juristische schritte|gericht|verbraucherzentrale|bundesnetzagentur|datenschutzbehorde|beschwerde)… ?(?:ein|erstatten|erstatte|melden|einschalten|einleiten|schalte|horen|ubergeben|sehen|einreichen|bekommen|$)|(?:erstatte|erstatten|stelle|schalte|gehe|drohe)… (?:anzeige|anwalt|strafanzeige|abmahnung)',
        'belastig\\w+(?! nicht)|geht mir auf (?:die|den)|auf die nerven|nervt|nerven sie|was fallt (?:ihnen|euch) ein',
      ],
      unless: ['anwaltskanzlei', 'kein (?:betrug|mull)', 'wir sind … anwalt'],
    },
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
        '(?:macht|machen|entscheidet|entscheiden|ubernimmt|betreut|kummert sich|kummern sich|bearbeitet|regelt|verantwortet|steuert)(?: \\S+){0,4} (?:bei uns |dafur |darum )?(?:der|die|das|unsere?|mein|meine|herr|frau|ein|eine|kolleg\\w+|andere)(?: \\w+)?|(?:einkauf|abteilung|marketing|zentrale|agentur|it|kolleg\\w+|geschaftsfuhrung|mutterkonzern|konzern\\w*|vertrieb|hr|personal\\w*|chef\\w*) (?:\\S+ ){0,3}?(?:macht|entscheidet|ubernimmt|betreut|kummert|bearbeitet|verantwortet|zustandig)',
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
      class: 'not_now',
      fixed: true,
      when: [
        '(?:im moment|momentan|derzeit|aktuell|zurzeit|zur zeit|jetzt|gerade|vorerst|vorlaufig|dieses jahr|heuer|gegenwartig|im augenblick|aktuell)(?: \\S+){0,5} (?:nicht|kein\\w*|andere prioritaten|keine zeit|schlecht|unpassend|keine kapazitat\\w*|nicht aktuell|kein thema|ausgelastet|zu viel|im umbruch|eingefroren)|nicht (?:jetzt|im moment|dieses jahr|aktuell|zum jetzigen)|noch nicht',
        '(?:melden|melde|kommen|komm|schreiben|schreib|fragen|frag|kontaktieren|rufen|sprechen|meldet|versuchen|versuch|hort|horen|reden|gerne?|erinnern)(?: \\S+){0,8} (?:wieder|nochmal|noch mal|noch einmal|erneut|spater|im (?:herbst|fruhjahr|fruhling|sommer|winter|januar|februar|marz|april|mai|juni|juli|august|september|oktober|november|dezember|neuen jahr|nachsten jahr|kommenden jahr|nachsten quartal|q[1-4]|\\w+ quartal)|in (?:ein paar|einigen|zwei|drei|sechs|\\d+) (?:wochen|monaten)|nachstes jahr|nach (?:dem|den|der) \\w+|anfang \\w+|ende \\w+|q[1-4])',
        '(?:nachstes|kommendes) jahr|nachsten jahr|im neuen jahr|(?:budget|budgets|etat)(?: \\S+){0,6} (?:aufgebraucht|verplant|eingefroren|erschopft|weg|gestrichen|ausgeschopft|gesperrt|frei|vergeben|fur dieses jahr)|kein budget|budgetstopp|budgetsperre|ausgabenstopp|vertraglich (?:gebunden|noch)|vertrag (?:\\S+ ){0,4}?(?:bis|lauft|gebunden)|(?:zu|spaterem?) (?:einem )?(?:spateren|spaterem) zeitpunkt|falsche[rn]? (?:zeitpunkt|moment)|unpassender? (?:zeitpunkt|moment)|schlechter? (?:zeitpunkt|timing)|spater (?:vielleicht|gerne|gern|wieder|nochmal)|keine kapazitat\\w*|keine zeit|nicht der richtige zeitpunkt|andere prioritaten|auf eis gelegt|zuruckgestellt|verschoben|vertagt',
      ],
      unless: ['nicht (?:sicher|im buro|im haus)', 'im urlaub', 'nicht zustandig'],
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
      class: 'not_interested',
      negated: 'interested',
      when: ['uninteressant\\w*|uninteressiert'],
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
      class: 'not_interested',
      fixed: true,
      when: [
        'nein,? (?:danke|vielen dank|besten dank)|^nein|danke,? nein|kein(?:en|e|erlei)? (?:\\S+ )?(?:bedarf|interesse|verwendung|nutzen|mehrwert|notwendigkeit|anlass|plane|einsatz|zusammenarbeit|grund)|nichts fur (?:uns|mich)|nicht(?:s)? (?:\\S+ )?(?:das richtige|das passende|fur uns|fur mich|unser thema|brauchen|notig|in frage|infrage|relevant|passend|geeignet|weiterverfolgen|weiter verfolgen|benotigt|gewunscht|gebraucht|uberzeugt|zu uns|notwendig)',
        '(?:brauchen|benotigen|brauche|benotige|verwenden|passt|kommt|interessiert|mochten|wollen|werden|sehen)(?: \\S+){0,5} nicht(?:s)?(?: |$)(?!(?:mehr|wieder|im) )(?!.{0,20}(?:dienstag|montag|mittwoch|donnerstag|freitag|uhr))',
        '(?:absagen|absage|ablehnen|lehnen … ab|lehne … ab|verzichten|verzichte|sehen … davon ab|sehen davon ab|dagegen entschieden|gegen … entschieden|anders entschieden|anderweitig entschieden|fur (?:einen|eine) andere\\w* (?:\\w+ )?entschieden|(?:eine )?absage erteilen|winken ab)',
      ],
      unless: [
        'nicht nur',
        'nicht sicher',
        'kein problem',
        'keine frage',
        'nicht zustandig',
        'nicht im buro',
        'nicht da$',
      ],
    },
    {
      class: 'not_interested',
      fixed: true,
      weak: true,
      when: [
        '(?:bereits|schon)(?: \\S+){0,4} (?:gut )?(?:versorgt|aufgestellt|ausgestattet|einen?|eine|losung|anbieter|partner|dienstleister|agentur|lieferanten?|im einsatz|abgedeckt|bedient|vergeben|gelost|tool|system)|(?:bestens|gut|hervorragend) (?:versorgt|aufgestellt|ausgestattet|betreut|bedient)|(?:machen|losen|haben|decken|erledigen|entwickeln)(?: \\S+){0,4} (?:intern|inhouse|selbst|selber|hausintern)|zufrieden mit|(?:sind|bin)(?: \\S+){0,6} zufrieden|(?:viel zu|zu) teuer',
      ],
      unless: ['haben sie', 'nicht (?:mehr )?zufrieden', 'schon (?:mehrmals|mehrfach|einmal)'],
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

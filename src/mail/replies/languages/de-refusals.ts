import type { Rule } from './rules.ts';

/** How German says no: never again, rudely, later, or not at all. */
export const germanRefusals: readonly Rule[] = [
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
      '(?:nehmen|nimm|streichen|streich|entfernen|entferne|loschen|losche|tragen|trage|trag|austragen|abmelden|nehmt|loscht|streicht) (?:sie )?(?:bitte )?(?:mich|uns|meine[n]?|unsere[n]?|diese[n]?)(?:(?! (?:zuruck|an)).){0,50}?(?:aus|von|ab|raus|verteiler|liste|datenbank|adresse|daten|mail|kontakt|heraus|kontaktdaten|adressbestand)',
      '(?:mich|uns|meine|unsere|diese) (?:\\S+ ){0,6}?(?:aus|von) (?:ihrem|ihrer|dem|der|eurer|eurem|den|ihren|deiner|allen|jeglichen)… ?(?:verteiler|mailverteiler|liste|datenbank|adressliste|system|newsletter|kartei|mailingliste|listen|adressbestand|crm|empfangerliste)… ?(?:nehmen|streichen|loschen|entfernen|austragen|zu|$)',
      '(?:aus|von) (?:ihrem|ihrer|dem|der|eurer|eurem|diesem|dieser|den|ihren) (?:\\w+)?(?:verteiler|mailverteiler|liste|mailingliste|datenbank|adressliste|newsletter|kartei|empfangerliste|listen)',
      '(?:meine|unsere|diese|alle meine|meine personlichen) (?:\\w+ )?(?:daten|adresse|e-?mail-?adresse|mailadresse|kontaktdaten|mail|email)… (?:loschen|entfernen|streichen|sperren|zu loschen|geloscht)',
      '(?:loschen|losche|loscht|entfernen|sperren)… (?:meine|unsere|meiner|unserer) (?:\\w+ )?(?:daten|adresse|e-?mail-?adresse|mailadresse|kontaktdaten|mail|email)',
      '(?:mich|uns) (?:bitte )?(?:abmelden|austragen|loschen|streichen|entfernen|abzumelden|auszutragen|in ruhe)|(?:mochte|will|wurde) (?:mich|ich mich|diesen newsletter|den newsletter|das) … ?(?:abmelden|abbestellen|austragen)|lassen sie (?:mich|uns) … ?in ruhe|lasst (?:mich|uns) … ?in ruhe',
      '(?:melden|melde) (?:sie )?(?:bitte )?(?:mich|uns)(?: \\S+){0,4} ab',
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
    class: 'not_interested',
    negated: 'interested',
    when: ['uninteressant\\w*|uninteressiert'],
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
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      '(?:sparen|spar|spart|ersparen) (?:sie )?(?:sich|euch|dir|mir|uns)(?: \\S+){0,3} (?:mails?|e-?mails?|nachrichten|anfragen|muhe|werbung)|(?:bitte|bitten|ersuche|fordere|verlange|beantrage)(?: \\S+){0,3} (?:um|die|auf) (?:\\S+ )?(?:loschung|streichung|entfernung|sperrung|austragung|abmeldung)|verzichten sie (?:bitte )?(?:auf|kunftig)|(?:nehmt|streicht|loscht|tragt) (?:mich|uns)(?: \\S+){0,4} (?:liste|verteiler|raus|heraus|aus|datenbank)|(?:von|vor) weiteren? (?:mails?|e-?mails?|anfragen|kontaktaufnahmen?|nachrichten|schreiben)(?: \\S+){0,4} (?:absehen|verschonen|abzusehen)|(?:absehen|verschonen)(?: \\S+){0,4} (?:mails?|e-?mails?|werbung|anfragen|nachrichten)|unterlassen sie|(?:genug|schluss)(?: \\S+){0,2} (?:mails?|e-?mails?|werbung|spam|davon|damit|jetzt)|nie wieder (?:\\S+ ){0,3}?(?:schreiben|kontaktieren|mailen|anschreiben|melden)|blockier\\w+|als spam (?:markier\\w+|gemeldet|melden)|raus aus (?:dem|ihrem|eurem) (?:verteiler|newsletter)|(?:aus|von) (?:allen|samtlichen|ihren|euren) (?:verteilern|listen|mailings)|keine zustimmung|nicht zugestimmt|nie zugestimmt',
    ],
    unless: ['(?:kann|konnen) (?:man|empfanger|kunden|kontakte)'],
  },
  {
    class: 'hostile',
    fixed: true,
    when: [
      "knall|spinnt|spinnen sie|nicht mehr alle|geht'?s noch|lacherlich|widerlich|ekelhaft|dumm\\w*|bloed\\w*|blod\\w*|lugner|abzocker|kriminell\\w*|zur holle|rutscht? mir|leckt? mich|verschwinden sie|verschwindet|nervensagen?|penner|lassen sie (?:diesen|den) (?:quatsch|mist|unsinn)|(?:horen|hort) (?:sie )?von (?:meinem|unserem) anwalt|(?:mein|unser)\\w* (?:rechts)?anw\\w+|klage einreichen",
    ],
    unless: ['anwaltskanzlei|wir sind (?:eine )?anwalt|rechtsanwalt(?:e|skanzlei)', 'nicht (?:dumm|blod)'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      '(?:vor|nicht vor|erst (?:nach|im|in|ab|wieder)|fruhestens)(?: dem| der| den| im)? (?:herbst|sommer|winter|fruhjahr|fruhling|januar|februar|marz|april|mai|juni|juli|august|september|oktober|november|dezember|jahresende|q[1-4]|nachst\\w+ jahr|\\w+ quartal)(?: \\S+){0,5}|(?:halben|halbes|einem|paar|zwei|drei|sechs) (?:jahr|monaten|wochen|monate)(?: \\S+){0,3} (?:nochmal|noch mal|wieder|erneut|noch einmal)|mitten in|umstrukturierung|umstellung|stecken (?:gerade |derzeit |mitten )?in|zu fruh|verfruht|spater(?: \\S+)? (?:interessant|wieder|nochmal|vielleicht)|vielleicht (?:spater|nachst\\w+|im|in)|gerade erst (?:verlangert|unterschrieben|eingefuhrt|gestartet|abgeschlossen)|haben (?:gerade|eben|erst)(?: \\S+)? (?:verlangert|unterschrieben|abgeschlossen|gewechselt)|vertrag (?:\\S+ ){0,3}?(?:verlangert|lauft)|komme (?:ich |wir )?(?:\\S+ )?(?:auf sie|darauf) zuruck|kommen (?:wir )?(?:\\S+ )?(?:auf sie|darauf) zuruck|bei (?:gelegenheit|bedarf)(?: \\S+){0,3} (?:melden|zuruck|melde)|land unter|ausgelastet|bis (?:ende|anfang|mitte) (?:des )?\\w+ (?:kein|nicht|ausgelastet)',
    ],
    unless: ['urlaub|nicht im (?:buro|haus)|abwesend|krank', 'vertrag .{0,20}unterschreiben'],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      'passt (?:\\S+ ){0,3}?nicht|(?:sehe|sehen|sieht|erkenne|erkennen|haben|hat)(?: \\S+){0,3} (?:keinen|keinerlei|kein|keine|nicht)(?: \\S+)? (?:mehrwert|nutzen|bedarf|sinn|vorteil|anwendung|verwendung|einsatzmoglichkeit)|(?:nichts|nix) (?:fur|damit)|nicht (?:unser|mein) ding|(?:ist|sind) (?:\\S+ ){0,3}?zu (?:teuer|gross|komplex|kompliziert)|(?:kommt|kame) (?:\\S+ ){0,3}?nicht in ?frage|lieber nicht|(?:nicht|kein) (?:weiter )?(?:verfolgen|weiterverfolgen|aufgreifen|nachkommen)|(?:wir |ich )verzicht\\w+|(?:dankend|hoflich) ab(?:lehnen|gelehnt)?|lehn(?:e|en) (?:\\S+ ){0,4}?ab|davon absehen|ohne uns|nicht uberzeugt|hat uns nicht',
    ],
    unless: ['(?:montag|dienstag|mittwoch|donnerstag|freitag|uhr|termin)', 'nicht in ?frage gestellt'],
  },
  {
    class: 'not_interested',
    fixed: true,
    weak: true,
    when: [
      '(?:viel|weiterhin|trotzdem)(?: \\S+)? (?:erfolg|gluck)|(?:machen|losen|erledigen|regeln|haben|wird|decken)(?: \\S+){0,4} (?:intern|selbst|inhouse|selber)(?: (?:gelost|erledigt|gemacht|abgedeckt))?$|losen (?:das|wir das|dies) (?:\\S+ )?(?:intern|selbst)',
    ],
    unless: ['\\?$'],
  },
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      '(?:aus|von) (?:dem |ihrem |eurem |diesem |der |ihrer |eurer |dieser )?(?:verteiler|liste|newsletter|mailing\\w*)(?: \\S+){0,2} (?:raus|heraus|weg|runter)|(?:wunschen|wunsche|mochten|mochte|wollen|will|brauchen|brauche|erbitten)(?: \\S+)? (?:keine|keinerlei|nie wieder)(?: \\S+)? (?:werbung|mails?|e-?mails?|reklame|post|zusendungen|newsletter|anfragen|angebote)|keine werbung|keine reklame|(?:loschen|losche|entfernen) (?:sie )?(?:sie|das|diese|es|alles)(?: \\S+)?$|kein(?:e)? recht(?: \\S+){0,6} (?:speichern|nutzen|verwenden|anschreiben|kontaktieren)',
    ],
    unless: ['wer bekommt'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      'erst nach|nach der (?:sommerpause|ferienzeit|urlaubszeit|messe)|nach (?:dem|den) (?:sommer|ferien|sommerferien|jahreswechsel|umzug|urlaub)|fur (?:dieses|dies) jahr|thema (?:ist )?durch|(?:hochsaison|hauptsaison|saison)|wenn (?:es|wir|das|der)(?: \\S+){0,4} (?:ruhiger|soweit|fertig|abgeschlossen|umgezogen)',
    ],
    unless: ['im urlaub|abwesend|nicht im (?:buro|haus)|bin ich'],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      '(?:bleiben|bleibe) (?:\\S+ )?(?:bei|beim)(?: \\S+){1,4}|(?:muss|mussen|mochte|mochten|werden)(?: \\S+){0,4} (?:ablehnen|absagen|verneinen|passen)|kein(?:e|en|erlei)? (?:verwendung|einsatz|bedarf|sinn|anlass)|lost (?:bei uns |fur uns )?kein|andere\\w* (?:anbieter|losung|partner|dienstleister)(?: \\S+){0,2} (?:entschieden|gewahlt|genommen|beauftragt)|bringt (?:uns|mir) nichts|hilft (?:uns|mir) nicht',
    ],
    unless: ['bleiben sie|bleiben wir (?:in|dran)', '(?:montag|dienstag|mittwoch|donnerstag|freitag)'],
  },
  {
    class: 'hostile',
    fixed: true,
    when: ['schwachsinn|bullshit|schnauze|mull'],
    unless: ['mullabfuhr|mullentsorg|abfall'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      'erinner\\w+(?: \\S+){0,2} (?:in|im|ab|nach|anfang|ende)(?: \\S+){1,3}|in (?:\\S+ )?(?:wochen|monaten)(?: \\S+){0,3}$',
    ],
    unless: ['urlaub|zuruck|erreichbar'],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      '(?:anbieter|dienstleister|lieferanten|system|software|partner)(?: \\S+)? nicht (?:wechseln|andern|tauschen)|nicht (?:wechseln|umsteigen)|kein(?:en)? wechsel',
    ],
  },
];

import type { Rule } from './rules.ts';

const unit =
  '(?:die |der |unsere? |unser |das )?(?:zentrale|hauptverwaltung|einkauf|konzern|konzernzentrale|muttergesellschaft|geschaftsfuhrung|geschaftsleitung|marketing(?:abteilung)?|vertrieb|it-abteilung|personalabteilung|fachabteilung|agentur|vorstand|chef|chefin|inhaber|inhaberin)';

/** What German speakers say without the words that the other rules look for. */
export const germanHints: readonly Rule[] = [
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      '(?:nehmen|nehmt|nimm|streichen|streicht|entfernen|entfernt|loschen|loscht|tragen|tragt|werfen|schmeissen) (?:sie )?(?:bitte )?(?:mich|uns|meine?|unsere?|diese|die adresse)(?: \\S+){0,6}(?:raus|heraus|aus|entfernen|loschen|streichen)?|(?:aus|von) (?:ihre[mrn]?|eure[mrn]?|der|dem|deine[mr]?|allen) (?:\\S+ )?(?:liste|listen|verteiler|verteilern|datenbank|kartei|adressbestand|newsletter|system|mailing\\w*|verteilerliste|kontakte\\w*)',
      '(?:widerspreche|widerspruch|widerrufe|widerruf|untersage|verbiete|verbitte|widersprechen)(?: \\S+){0,8}|(?:keine|keinerlei) (?:weitere[n]? |mehr |solche[n]? |unaufgeforderten? |werbe)?(?:werbung|werbemails?|werbe-?e-?mails|mails?|e-?mails|nachrichten|newsletter|post|zusendungen|zuschriften|kontaktaufnahme\\w*|anfragen|schreiben)(?: \\S+){0,4}$|(?:nicht|nie|niemals)(?: mehr| wieder| weiter| langer)?(?: \\S+){0,2} (?:an(?:ge)?schreiben|kontaktier\\w+|an(?:ge)?mailen|belastig\\w+|zu(?:ge)?sendet|zuschicken|zu(?:ge)?senden|behelligt)',
      '(?:abbestellen|abbestelle|abbestellt|abmelden|abmeldung|abgemeldet|austragen|ausgetragen|abmelde-?link|kundige|abo beenden|unsubscribe|austragung|abbestellung)(?: \\S+){0,4}|(?:wie|wo) (?:\\S+ ){0,5}(?:abmelden|abbestellen|austragen|abmelde|loswerden)',
      '(?:stellen|stellt|stell) (?:sie )?(?:bitte )?(?:diese|die|ihre|das|jegliche|samtliche)(?: \\S+){0,4} ein|(?:horen|hort|hor) (?:sie )?(?:bitte |endlich |sofort )*(?:auf|damit auf)|(?:schreiben|schreibt|schreib|mailen|kontaktieren|belastigen|senden|schicken) (?:sie )?(?:mir|mich|uns|an mich|an diese adresse)(?: \\S+){0,4} (?:nicht|nie|nichts|keine)(?: \\S+){0,3}|(?:bitte |mochte |will |mochten |wollen )(?:\\S+ )?(?:nichts|nicht|keine)(?: \\S+){0,3} (?:mehr|weiter\\w*)(?: \\S+){0,4} (?:horen|bekommen|erhalten|lesen|empfangen|haben|kontaktiert|schicken|senden|schreiben|angeschrieben)',
      '(?:daten|adresse|mailadresse|e-?mail-?adresse|kontaktdaten|e-?mail)(?: \\S+){0,5} (?:loschen|zu loschen|entfernen|zu entfernen|sperren|vergessen|streichen|nicht (?:mehr )?(?:verwenden|nutzen|speichern|verarbeiten))|(?:loschung|loschen|loscht|sperrung|entfernung)(?: \\S+){0,4} (?:daten|adresse|mailadresse|kontaktdaten|e-?mail\\S*)|(?:dsgvo|datenschutz\\S*)(?: \\S+){0,8} (?:losch\\w+|widersp\\w+|verlang\\w+|forder\\w+)|(?:art\\.?|artikel) ?(?:17|21)\\b|in ruhe|(?:nie|nicht) (?:zugestimmt|eingewilligt|bestellt|angemeldet|abonniert|angefordert|darum gebeten)',
    ],
    unless: [
      '(?:konnen|kann|wie) (?:sich )?(?:die |unsere |meine |eure |ihre )?(?:empfanger|kunden|kontakte|leads|nutzer)',
      'in aller ruhe|in ruhe (?:an|durch|lesen|prufen|ansehen|anschauen|uberlegen)',
      'bis (?:ende|zum|nachst)',
      'nicht (?:mehr )?vor ',
    ],
  },
  {
    class: 'hostile',
    fixed: true,
    when: [
      '(?:ihr|sie|du) (?:\\S+ ){0,3}(?:das letzte|die letzten|abzocker|betruger|idioten?|spinner|penner|pack|gesindel|nervensagen?|vollpfosten|parasiten|verbrecher)|nicht mehr alle|noch (?:\\S+ )?(?:ganz )?dicht|verpiss\\S*|belastigen sie (?:\\S+ )?(?:andere|jemand)|(?:schamen|schamt|scham) (?:sie |euch |dich )|schamlos\\w*|(?:zum kotzen|widerlich|ekelhaft|erbarmlich|abzocke|bauernfanger\\w*|dreist\\w*|frechheit|unverschamt\\w*|zumutung|drecks?\\w*|scheiss\\w*|mist(?:verein|bude)?|schwachsinn|blodsinn|saftladen)|(?:anzeige|strafanzeige|anwalt|anwaltin|rechtsanwalt|abmahnung|staatsanwalt\\w*|verbraucherzentrale|bundesnetzagentur|datenschutzbehorde)(?: \\S+){0,6}|(?:verklage|verklagen|anzeigen) (?:sie|euch)|(?:fahr|fahrt|fahren|scher|schert|scheren)(?: \\S+){0,2} (?:zur holle|zum teufel)|halt (?:die klappe|deinen mund)|(?:lass|lasst|lassen)(?: sie)? (?:mich|uns) (?:bloss|gefalligst|endlich) in ruhe',
    ],
    unless: [
      '(?:ich bin|wir sind|als) (?:\\S+ )?(?:anwalt|rechtsanwalt|anwaltin)',
      'keine frechheit',
      'anzeigen (?:schalten|buchen)',
      'scheissegal|mist,? (?:den|das|ich)',
    ],
  },
  {
    class: 'left_company',
    fixed: true,
    when: [
      '(?:arbeitsverhaltnis|anstellung|vertrag|beschaftigung)(?: \\S+){0,4} (?:endete|beendet|ist zum|lief aus|ausgelaufen|geendet)|(?:kollegen?|kollegin|mitarbeiter|mitarbeiterin|herrn?|frau|person)(?: \\S+){0,3} gibt es(?: \\S+){0,3} nicht mehr|(?:seit|zum|ab|mit|im)(?: \\S+){1,5} (?:in rente|im ruhestand|ausgeschieden|nicht mehr|pensioniert|in pension)|(?:hat|ist|habe|bin) (?:\\S+ ){0,5}(?:gewechselt|ausgeschieden|gegangen|weggegangen|verstorben|entlassen|gekundigt)(?: worden)?$|(?:hat|habe|haben)(?: \\S+){0,4} (?:firma|unternehmen|haus|arbeitgeber|betrieb)(?: \\S+){0,4} verlassen|arbeitet (?:mittlerweile |inzwischen |jetzt |nun )?(?:woanders|bei einem anderen|fur einen anderen|in einer anderen firma)|nicht mehr (?:im|bei|in) (?:\\S+ )?(?:dienst|unternehmen|haus|betrieb|amt)|(?:neue|anderer?) (?:arbeitsstelle|arbeitgeber|herausforderung|stelle)',
    ],
    unless: [
      'vertrag (?:mit|bei) (?:unser|dem|einem)',
      'nicht mehr (?:interess|notig|aktuell|relevant)\\S*',
      '(?:haben|hat) (?:unseren?|den) (?:vertrag|anbieter)',
      'gewechselt (?:zu|auf)|(?:anbieter|system|software|tool|lieferant\\S*) gewechselt',
    ],
  },
  {
    class: 'wrong_person',
    fixed: true,
    when: [
      `(?:sie |du )?(?:verwechseln|verwechselst|verwechselt|verwechslung)(?: \\S+){0,4}|sind sie (?:\\S+ )?(?:falsch|verkehrt)|(?:der|die|das) richtige[nr]? (?:kontakt\\S*|ansprech\\S*|adresse|person|stelle|abteilung|mann|frau)|(?:verantwortliche[rn]?|zustandige[rn]?)(?: \\S+){0,3} (?:ist|sind|ware) (?!(?:das|es)\\b)\\S+|(?:bin|ware) (?:ich |hier )*nicht (?:der|die) (?:richtige|passende|geeignete)|(?:damit|mit (?:dem thema|dem|diesem thema|der sache|marketing|it|einkauf|vertrieb|so etwas))(?: \\S+){0,3} (?:nichts zu tun|nicht zu tun|nichts am hut)|(?:nicht|nix|nichts) (?:\\S+ )?(?:zu entscheiden|zu sagen|mitzureden)|(?:entscheide|entscheiden|bestimme) (?:\\S+ )?(?:ich|wir|nicht ich)(?: \\S+)? nicht|(?:bin|bin hier|arbeite hier) (?:\\S+ )?(?:nur|lediglich|bloss) (?:\\S+ )?(?:hausmeister\\w*|praktikant\\w*|azubi\\w*|auszubildende\\w*|aushilfe|empfang\\w*|buchhalt\\w+|sekretar\\w+|assistent\\w*|werkstudent\\w*|sachbearbeit\\w+|vertretung|mitarbeiter\\w*|angestellte\\w*)`,
      `(?:entscheidet|entscheiden|macht|regelt|verantwortet|koordiniert|beschafft|kauft|lauft uber|geht uber|liegt bei|liegt in)(?: \\S+){0,4} ${unit}|${unit}(?: \\S+){0,4} (?:entscheidet|entscheiden|regelt|kummert sich|kummern sich|macht das|zustandig|verantwortlich|kauft|beschafft)|(?:versuchen|versuch|probieren) (?:sie )?es (?:\\S+ )?(?:bei|mit|uber) (?!(?:mir|uns)\\b)\\S+|(?:kummert|kummern) sich (?:\\S+ )?(?:darum|um (?:das|dieses|solche|die)|hierum)|(?:er|sie|herr \\S+|frau \\S+) (?:kummert sich|betreut|verantwortet|leitet|ist zustandig|macht das)|(?:in (?:cc|kopie|cc:)|setze ich|habe ich)(?: \\S+){0,4} (?:in (?:cc|kopie)|mit aufgenommen|dazugenommen|hinzugefugt|eingebunden)|(?:nicht|kein|keine) (?:mein|meine|unser|in meinem|in unserem)(?: \\S+)? (?:bereich|aufgabe|aufgabengebiet|baustelle|thema|ressort|zustandigkeit\\S*|verantwortung\\S*|metier|entscheidung)`,
      '(?:falsche[nrs]?|verkehrte[nrs]?) (?:person|frau|mann|herrn?|firma|\\S+)(?: \\S+)?(?: erwischt| angeschrieben| kontaktiert)|(?:andere|gleichnamige|fremde) (?:firma|gesellschaft|person)(?: \\S+){0,4} (?:namen|gleichen|ahnlich\\S*)|namensvetter\\S*|(?:bitte |daher |dann )?(?:richten|senden|schicken|schreiben|mailen|wenden)(?: \\S+){0,6} an \\S+@\\S+',
    ],
    unless: [
      'dringend\\S*|notfall|abwesenheit|vertretung (?:ist|durch)|in der zwischenzeit',
      '(?:wer|welche\\S*) (?:\\S+ )?(?:entscheidet|ist)',
      '(?:angebot|unterlagen|infos?|preisliste)(?: \\S+){0,4} an (?:mich|meine|folgende)',
      'arbeitsverhaltnis',
    ],
  },
  {
    class: 'auto_reply',
    fixed: true,
    when: [
      '(?:ticket|fall|vorgang|anliegen|anfrage|vorfall)(?: \\S+){0,4} (?:angelegt|erstellt|eroffnet|erfasst|registriert|gemeldet|zugewiesen|ubermittelt)|(?:betreff|betreffzeile)(?: \\S+){0,4} (?:unverandert|nicht (?:zu )?(?:andern|verandern)|beibehalten)|(?:postfach|mailbox|adresse|e-?mail-?adresse|posteingang)(?: \\S+){0,4} (?:nicht|nur)(?: \\S+){0,3} (?:gelesen|abgerufen|uberwacht|betreut|bearbeitet|gepruft|uberpruft|besetzt)|(?:nutzen|verwenden) sie (?:bitte )?(?:unser|das|unser\\S*) (?:kontaktformular|formular|portal|kundenportal|serviceportal)|(?:nachricht|e-?mail|mail|anfrage|schreiben|bewerbung|anliegen|bestellung)(?: \\S+){0,3} (?:bei uns |hier |soeben |erfolgreich )*(?:eingegangen|angekommen|eingetroffen|entgegengenommen)|(?:wird|werden)(?: \\S+){0,5} (?:schnellstmoglich|baldmoglichst|umgehend|so bald wie moglich|in kurze|zeitnah|der reihe nach|in der reihenfolge)(?: \\S+){0,3}|(?:vielen dank|danke|wir danken)(?: \\S+){0,2} fur (?:ihre|deine|die) (?:anfrage|bewerbung|bestellung|kontaktaufnahme|mitteilung|anmeldung|interesse an)(?!, aber)(?: an unser\\S*)?|maschinell|systemnachricht|automatisch\\w*|autoresponder|(?:hohe[ns]?|grosse[ns]?|erhohte[ns]?) (?:anfrage|mail|e-mail|bewerber|auftrags)\\S*(?:aufkommen|volumen|zahl|menge)?|bearbeitungszeit\\w*|offnungszeiten|geschaftszeiten|sprechzeiten',
    ],
    unless: [
      'kein interesse|nicht interessiert',
      '(?:mochte|wurde|konnte|wollte) ich|ich (?:mochte|wurde|hatte|bin|habe)',
      'aber (?:wir|das|ich|leider)',
      '(?:werden|wird|kann|konnen) (?:die|ihre|eure)\\b.{0,70}\\?$|\\?$',
    ],
  },
  {
    class: 'out_of_office',
    fixed: true,
    when: [
      'nicht (?:am|an meinem) (?:arbeits)?platz|(?:zuruck|wieder da|wieder im buro) (?:bin|sind) (?:ich|wir)(?: \\S+){0,3}|(?:wegen|aufgrund|infolge) (?:\\S+ )?(?:krankheit|erkrankung|urlaub|feiertag\\w*|betriebsferien|umzug\\w*|inventur|elternzeit|krankenhausaufenthalt\\w*)|(?:auf|bei|in) (?:einer |der |einem |dem )?(?:fortbildung|schulung|messe|dienstreise|geschaftsreise|tagung|seminar|konferenz|kur|reha|weiterbildung|klausur\\w*|workshop)|(?:heute|morgen|diese woche|bis \\S+)(?: \\S+){0,3} (?:nicht|kaum) (?:erreichbar|im buro|da|im dienst|im hause?)|(?:betrieb|buro|geschaft|laden|praxis|kanzlei|werk|firma)(?: \\S+){0,4} (?:geschlossen|zu)|(?:lese|beantworte|bearbeite|antworte|melde)(?! (?:es|das|dies) )(?: \\S+){0,3} (?:ab|am|nach|wieder|erst)(?: \\S+){0,3} (?:wieder|mails?|nachrichten)?|(?:mails?|nachrichten)(?: \\S+){0,4} (?:nicht|nur (?:selten|gelegentlich|sporadisch|unregelmassig))(?: \\S+)? (?:gelesen|bearbeitet|beantwortet|abgerufen|weitergeleitet)|(?:urlaub|abwesend|verreist|krank|im ausland|unterwegs) (?:bis|vom|ab|und|von)|(?:im|in) (?:wohlverdienten |verdienten |\\S+ )?urlaub',
    ],
    unless: [
      'nach (?:dem|meinem|unserem|ihrem) urlaub',
      '(?:treffen|besuchen|sehen)(?: \\S+){0,4} (?:messe|tagung|konferenz)',
      'melde (?:ich )?mich(?: \\S+){0,3} (?:bei ihnen|zuruck|wieder)(?: \\S+)?(?: wenn| sobald| falls| nach)?',
      'wegen (?:ihres|ihrer|deiner)',
      '(?:vor|noch vor) (?:meinem|dem) urlaub',
      'nicht mehr|verlassen|ausgeschieden',
      '\\?$',
    ],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      '(?:fruhestens|erst|nicht vor|ab|allenfalls|eventuell|vielleicht|moglicherweise)(?: \\S+){0,2} (?:nachste[nms]?|kommende[nms]?|im|in|ende|anfang|mitte|20\\d\\d|herbst|fruhjahr|sommer|winter|januar|februar|marz|april|mai|juni|juli|august|september|oktober|november|dezember|q[1-4])(?: \\S+){0,3}|(?:schieben|verschieben|vertagen|zuruckstellen|stellen)(?: \\S+){0,4} (?:auf|zuruck|verschoben|vertagt)?$|andere (?:baustellen|prioritaten|themen|sorgen|projekte|probleme)|(?:gerade|eben|kurzlich|letzte woche|letzten monat|vor kurzem|soeben)(?: erst)?(?: \\S+){0,8} (?:abgeschlossen|unterschrieben|verlangert|eingefuhrt|angeschafft|gewechselt|umgestellt)|(?:erst )?(?:wenn|sobald|nachdem)(?: \\S+){1,7} (?:durch|abgeschlossen|fertig|beendet|vorbei|steht|ist|sind|haben|geklart|ruhiger)$|(?:spater|irgendwann|zu einem spateren zeitpunkt|zu gegebener zeit|bei gelegenheit|auf wiedervorlage|wiedervorlage|im hinterkopf)(?: \\S+){0,4}|(?:komme|kommen|melde|melden)(?: \\S+){0,3} (?:bei bedarf|gegebenenfalls|ggf\\.?|zu gegebener zeit|dann|darauf zuruck)|(?:keine|wenig|kaum) (?:zeit|kapazitat\\w*|luft|ressourcen)(?: \\S+){0,3}|(?:vertrag|vertraglich|gebunden|laufzeit)(?: \\S+){0,5} (?:bis|noch|gebunden|lauft|jahre)|(?:budget|budgets|etat|mittel|gelder)(?: \\S+){0,5} (?:verplant|aufgebraucht|ausgeschopft|erschopft|gestrichen|eingefroren|vergeben|weg|verbraucht)|(?:falscher|schlechter|ungunstiger|unpassender|nicht der richtige) zeitpunkt|(?:kommen|melden|schreiben|fragen) sie (?:\\S+ ){0,6}(?:wieder|noch ?mal|erneut)(?: \\S+){0,5}',
    ],
    unless: [
      '(?:urlaub|abwesen\\w*|im buro|erreichbar|fur sie da|ausser haus)',
      '(?:montag|dienstag|mittwoch|donnerstag|freitag|morgen|uhr)',
      'gerne? (?:\\S+ )?ab ',
      '(?:test|start|starten|beginnen|loslegen|bestellen)',
      'nicht (?:mehr )?wieder|nie wieder',
      '\\?$',
    ],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      '(?:ist|ware|sei) (?:das |dies |es )?(?:\\S+ )?(?:nichts|nix)(?: \\S+){0,3}|nichts fur (?:uns|mich|unser\\w*)|(?:das )?(?:haben|hatten|nutzen|besitzen|machen) wir (?:\\S+ )?(?:schon|bereits|selbst|selber|intern|langst)|(?:bleiben|bleibe) (?:\\S+ )?(?:bei|dabei|lieber)|(?:dagegen|anders|fur (?:einen|eine|ein|den) (?:anderen?|andere|mitbewerber|wettbewerber)) entschieden|(?:keinen|kein|keine) (?:\\S+ )?(?:gebrauch|nutzen|mehrwert|sinn|bedarf|verwendung|einsatz|vorteil|verbesserung|notwendigkeit|anlass|grund|interesse|absicht|lust|platz|zweck)(?: \\S+){0,4}|(?:setzen|nutzen|verwenden|arbeiten|kaufen|brauchen|benotigen|machen|bestellen|beauftragen)(?: \\S+){0,6} (?:grundsatzlich|generell|prinzipiell|bewusst|absolut|definitiv|sicher|uberhaupt) (?:nicht|nichts|keine\\w*)|(?:grundsatzlich|generell|prinzipiell|definitiv|absolut|sicher) (?:nicht|keine\\w*|kein)|(?:ablehnen|lehnen (?:\\S+ ){0,4}ab|lehne (?:\\S+ ){0,4}ab|absagen|abgelehnt|verzichten|verzichte|abstand (?:nehmen|nehme))|(?:zu teuer|zu aufwendig|zu gross|zu kompliziert|uberdimensioniert|rentiert sich nicht|lohnt (?:sich )?(?:\\S+ )?nicht|nicht rentabel|kein thema|uninteressant|irrelevant|unpassend)|(?:passt|passen|hilft|nutzt|bringt|taugt|uberzeugt|gefallt|betrifft|trifft)(?: \\S+){0,4} (?:nicht|nichts|kaum|wenig)(?: \\S+){0,4}|(?:nicht|nie) (?:\\S+ )?(?:infrage|in frage|in betracht|weiterverfolgen|weiter verfolgen|uberzeugt|angewiesen|geeignet|gedacht|notig|notwendig|erforderlich|gewunscht)|(?:wir|ich) (?:sind|bin) (?:\\S+ )?(?:bestens |gut |schon |bereits |anderweitig |voll )?(?:versorgt|ausgestattet|aufgestellt|eingedeckt|bedient|zufrieden)',
    ],
    unless: [
      '(?:derzeit|momentan|aktuell|im moment|zurzeit|gerade) (?:\\S+ )?(?:kein|nicht)\\w*',
      'nicht abgeneigt|nicht uninteressant|nicht nur',
      'keine? (?:frage|problem|eile|scheu|sorge)',
      'kein(?:e|en)? (?:interesse|bedarf)(?: \\S+){0,3} (?:mehr )?(?:als|vor|bis)',
      'nicht zufrieden|unzufrieden',
      '(?:haben|nutzen) (?:sie|ihr)|\\?$',
      'nicht mein bereich',
      'passt (?:mir |es )?(?:\\S+ )?nicht,? (?:aber|dafur)',
    ],
  },
  {
    class: 'interested',
    fixed: true,
    when: [
      '(?:nicht|nichts) (?:abgeneigt|uninteressant|dagegen|einzuwenden)|(?:trifft|beschreibt|ist)(?: \\S+){0,3} (?:genau |exakt )?(?:unser|mein|das) (?:\\S+ )?(?:problem|thema|bedarf|situation|lage)|(?:was|welche\\S*) (?:brauchen|benotigen) sie (?:\\S+ )?(?:von mir|von uns)|wie (?:sahe|sieht|wurde|konnte)(?: \\S+){0,4} (?:zusammenarbeit|ablauf|aus|weiter|test|pilot)|(?:lassen|lass) (?:sie )?(?:\\S+ )?(?:mal |uns )?(?:sehen|horen|schauen)|(?:machen|erstellen|unterbreiten|schicken|senden|lassen|bereiten|rechnen) (?:sie )?(?:\\S+ ){0,5}(?:angebot|vorschlag|kostenvoranschlag|offerte|etwas schriftliches)|(?:etwas schriftliches|etwas zum (?:lesen|anschauen)|eine (?:demo|broschure|testversion|probeversion))|immer her|her damit|(?:bin|sind) (?:\\S+ )?(?:dabei|neugierig|interessiert|offen|gespannt|uberzeugt)(?: \\S+)?|(?:wurde|mochte|will|wurden|mochten|wollen|konnte|konnten)(?: \\S+){0,4} (?:testen|probieren|ausprobieren|ansehen|anschauen|kennenlernen|vorstellen|wissen|erfahren|gebrauchen)|(?:gern|gerne)(?: \\S+){0,4} (?:testen|probieren|ansehen|anschauen|mehr|ausprobieren|unterlagen|details)|uberzeugt mich|(?:fangen|legen|starten|packen) wir (?:\\S+ )?(?:an|los|es an)|(?:einverstanden|abgemacht|deal|gekauft|uberredet|uberzeugt)$',
    ],
    unless: [
      '(?:kein|keine|keinen|nicht mehr|nie|nichts mehr)(?! abgeneigt| uninteressant| dagegen| einzuwenden)(?: \\S+)?',
      'nicht (?:testen|wissen|haben|horen|interessiert|uberzeugt)',
      'anwalt|abmeld\\w*|verteiler',
      'ohne (?:ihr|weiter)',
    ],
  },
  {
    class: 'meeting_request',
    fixed: true,
    when: [
      '(?:stimmen|vereinbaren|machen|legen|klaren|koordinieren|fixieren|buchen) (?:sie )?(?:\\S+ ){0,8}termin(?: \\S+)?|termin(?: \\S+){0,6} (?:assistent\\w*|sekretari\\w*|buro|kollegin)|(?:kommen|komm|schauen|schau) (?:sie )?(?:\\S+ ){0,5}(?:vorbei|zu uns|ins buro|in unser\\S*)|(?:telefonisch|telefonat|anruf|per telefon|am telefon|personlich|per videokonferenz|per video|per teams|per zoom|vor ort|bei einem kaffee|videokonferenz)(?: \\S+){0,6}|(?:hatte|habe|hatten|haben) (?:ich |wir )?(?:\\S+ ){0,3}(?:eine (?:halbe |viertel)?stunde|zeit|luft|ein zeitfenster|einen slot|einen termin frei|halbe stunde)|(?:schlagen|schlag|nennen|bieten) (?:sie )?(?:\\S+ ){0,5}(?:termine?|zeiten|uhrzeit\\w*|daten) ?(?:vor|an)?|(?:vormittags|nachmittags|morgens|abends|mittags)(?: \\S+){0,5} (?:erreichen|erreichbar|frei|zeit|am besten|moglich)|(?:am|den) \\d{1,2}\\.?(?: \\S+){0,4} (?:stunde|zeit|frei|moglich|passen|vormittag\\w*|nachmittag\\w*|uhr)|(?:rufen|ruf) (?:sie )?(?:\\S+ ){0,4}(?:an|durch)$',
    ],
    unless: [
      'urlaub|abwesen\\w*|dringend|notfall|nicht erreichbar|wieder erreichbar',
      '(?:kein|keine|keinen|nicht)(?: \\S+){0,3} (?:zeit|termin|telefonat|anruf|telefonisch|anrufen)',
      '(?:nachstes jahr|im herbst|im fruhjahr|im januar|nach dem sommer|q[1-4])',
      'gerne telefonisch an (?:unsere|die)',
      'support|hotline|kundendienst',
      'anwalt',
    ],
  },
];

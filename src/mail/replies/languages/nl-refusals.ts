import type { Rule } from './rules.ts';

/** How Dutch says no: never again, rudely, later, or not at all. */
export const dutchRefusals: readonly Rule[] = [
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      '^(?:graag |gelieve |aub |alstublieft )?(?:uitschrijven|uitschrijving|afmelden|afmelding|stop|stoppen|stop hiermee|verwijderen|verwijder|verwijder mij|mij verwijderen|mij uitschrijven|unsubscribe|opzeggen|geen mails|geen mail meer|geen mails meer|schrijf mij uit|schrijf me uit|mij afmelden)(?: (?:aub|graag|a\\.u\\.b\\.?|alstublieft|bedankt|per direct|alsjeblieft|svp|dank|nu))*$',
      '(?:geen|nooit)(?: \\S+){0,3} (?:mails?|e-?mails?|mailtjes|berichten|post|reclame|spam|nieuwsbrie\\w+|contact|aanbiedingen)(?: \\S+){0,4} ?(?:meer|ontvangen|sturen|krijgen|opnemen|toesturen|willen|wil)|(?:niet|nooit)(?: \\S+){0,4} (?:meer|weer|langer|nogmaals)(?: \\S+){0,3} (?:mailen|benaderen|benaderd|contacteren|contact|schrijven|aanschrijven|aangeschreven|lastigvallen|lastiggevallen|gemaild|ontvangen|sturen|gecontacteerd|horen|krijgen)|(?:mail|stuur|benader|contacteer|schrijf|bel|mailen|benaderen)(?: \\S+){0,3} (?:niet|nooit|niets|geen)(?: \\S+){0,2} (?:meer|weer|mails?|e-?mails?|berichten)',
      '(?:stop|stoppen|hou|houd|kap|ophouden) (?:\\S+ )?(?:met|op met|eens op|hiermee)(?: \\S+){0,4} (?:mails?|e-?mails?|mailen|sturen|berichten|spammen|spam|benaderen|contact)|(?:wil|wens|willen|wensen)(?: \\S+){0,4} (?:niet meer|geen|niets meer)(?: \\S+){0,4} (?:ontvangen|benaderd|mails?|e-?mails?|berichten|horen|contact|gemaild|krijgen)|avg|recht op (?:vergetelheid|verwijdering)|maak bezwaar|afmeld\\w+|uitschrijf\\w+|uitgeschreven',
    ],
    unless: [
      'tot (?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)',
      '(?:kunnen|ontvangers|klanten|contacten|gebruikers) (?:zich|uitschrijven)',
      'niet meer (?:bij|hier)',
      'voldoe\\w+',
    ],
  },
  {
    class: 'unsubscribe_request',
    when: [
      '(?:haal|halen|verwijder|verwijderen|schrap|schrappen|gooi|wis|wissen|schrijf|schrijven|meld|uitschrijven|afmelden|haalt|verwijdert)(?: \\S+){0,3}? (?:mij|me|ons|mijn|onze|dit|deze)(?: \\S+){0,7}? (?:lijst|lijsten|mailinglijst|maillijst|mailing|bestand|database|systeem|gegevens|adres|mailadres|e-?mailadres|emailadres|uit|af|nieuwsbrief|adressenbestand|verzendlijst|crm|mail)',
      '(?:mij|me|ons|mijn|onze|dit adres) (?:\\S+ ){0,6}?(?:uit|van|af) (?:uw|je|jullie|de|deze|het|die)(?: \\S+){0,2} (?:lijst|lijsten|mailinglijst|maillijst|bestand|database|mailing|systeem|adressenbestand)|(?:mij|me|ons|gegevens|adres|mailadres) (?:\\S+ )?(?:uitschrijven|afmelden|verwijderen|te verwijderen|uit te schrijven|af te melden)|(?:graag|wil|wens|willen) (?:\\S+ ){0,4}?(?:uitschrijven|afmelden|uitgeschreven worden|afgemeld worden|verwijderd worden)|(?:laat|laten) (?:me|mij|ons) met rust',
    ],
    unless: ['(?:kun je|kan ik|kunnen wij) (?:ook )?(?:contacten|klanten)'],
  },
  {
    class: 'hostile',
    when: [
      'rot op|rotzooi|oplichters?|oplichting|oprotten|flikker op|donder(?: \\S+)? op|sodemieter op|lazer op|klootza\\w+|idioot|idioten|eikels?|lul|lullen|kut|kutmail\\w*|verdomme|godverdomme|tering|tyfus|kanker\\w*|debiel\\w*|sukkels?|schaam|schandalig|schandelijk|schofter\\w+|onbeschoft|brutaal|troep|schande|zak in de|bek houden|val dood|loop naar de|krijg de|belachelijk|lastigvallen|zat van|zat\\.|spammers?|bedriegers?|stelletje|flauwekul|ergerlijk|walgelijk',
      '(?:mijn|onze|een) (?:advocaat|jurist|advocaten)(?! ?kantoor)|aangifte|aanklagen|juridische stappen|rechter|autoriteit persoonsgegevens|klacht (?:in|bij|indienen)|meld(?:en)? (?:dit|u|jullie) (?:bij|als)|rapporteer',
    ],
    unless: ['advocatenkantoor', 'geen troep'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      '(?:op dit moment|momenteel|nu|voorlopig|vooralsnog|dit jaar|op het moment)(?: \\S+){0,5} (?:niet|geen|even niet|andere prioriteiten|nee|druk|te druk)|(?:niet|nee)(?: \\S+){0,2} (?:nu|op dit moment|momenteel|dit jaar|voorlopig|het (?:juiste|goede) moment)|nog niet|nu even niet|voorlopig niet|slecht moment|geen (?:goed|geschikt) moment|verkeerd moment|slechte timing|timing',
      '(?:kom|neem|mail|bel|probeer|vraag|benader|stuur|spreken|kijken|contact|terugkomen|herinner|schrijf|praten|oppakken|klop|komen)(?: \\S+){0,8} (?:later|over (?:een (?:paar|half|jaar|maand|kwartaal)|enkele|twee|drie|zes|\\d)|na (?:de|het|onze) \\S+|volgend (?:jaar|kwartaal|voorjaar|najaar)|volgende (?:maand|zomer|herfst)|in (?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|het (?:najaar|voorjaar|nieuwe|tweede|derde|vierde|eerste)|q[1-4]|de herfst)|begin \\S+|eind \\S+|opnieuw|t\\.z\\.t|te zijner tijd)',
      'volgend jaar|volgend kwartaal|(?:budget|budgetten)(?: \\S+){0,5} (?:op|bevroren|vergeven|besteed|vastgelegd|uitgeput|dicht|tot)|geen budget|(?:contract)(?: \\S+){0,5} (?:tot|loopt|vast)|andere prioriteiten|geen prioriteit|heeft … geen prioriteit|te druk|op een ander moment|ander moment|misschien later|wellicht later|in de wacht|uitgesteld|on hold',
    ],
    unless: ['afwezig', 'vakantie (?:ben|tot)', 'ga hier niet over'],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      'nee,? (?:bedankt|dank|dank je|dank u|hartelijk dank|hoor)|^nee|bedankt,? maar nee|(?:geen|niet)(?: \\S+)? (?:interesse|behoefte|belangstelling|toegevoegde waarde|gebruik|nut|noodzaak|plannen|nodig|geinteresseerd|iets voor (?:ons|mij)|voor ons|van toepassing|relevant|passend|verder|overtuigd|aan de orde|interessant|mee verder|op zoek|wat we)|niets voor (?:ons|mij)|niks voor (?:ons|mij)|zien (?:er )?(?:\\S+ )?(?:niets|niks|niet) in|slaan (?:\\S+ )?over|(?:zien|zie) (?:\\S+ )?(?:ervan|er van|hiervan) af|hebben (?:\\S+ )?besloten (?:\\S+ ){0,3}?niet|voor een ander|(?:wijzen|wijs) (?:\\S+ ){0,3}?af|afwijzen|bedank(?:en)? voor (?:het aanbod|de eer)|niet (?:\\S+ )?op in(?:gaan)?|gaan (?:hier )?niet (?:op in|mee)',
      'te duur|(?:zijn|ben) (?:\\S+ ){0,4}?tevreden',
    ],
    unless: [
      'niet alleen',
      'geen probleem',
      'geen punt',
      'niet zeker',
      'ga hier niet',
      'niet de juiste',
      'niet bereikbaar',
      'niet aanwezig',
    ],
  },
  {
    class: 'not_interested',
    fixed: true,
    weak: true,
    when: [
      '(?:al|reeds)(?: \\S+){0,4} (?:een|leverancier|partner|oplossing|voorzien|tool|systeem|bureau|partij|samenwerking|aanbieder|geregeld|goed voorzien)|(?:hebben|werken|gebruiken) (?:\\S+ )?(?:al|reeds)|tevreden (?:met|over)|zelf (?:in huis|intern)|in eigen huis|intern (?:opgelost|geregeld)|doen (?:dit|dat|we) zelf',
    ],
    unless: ['niet tevreden', '(?:hebben|heeft) (?:jullie|u) al'],
  },
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      '(?:geen|stop met|genoeg|klaar met)(?: \\S+){0,2} (?:mails?|e-?mails?|mailtjes|berichten|spam)(?: (?:meer|aub|alsjeblieft|alstublieft|graag|svp|nu))*$|(?:haal|verwijder|schrap|gooi|wis|zet)(?: \\S+){0,3} (?:mij|me|ons|mijn|onze)(?: \\S+){0,5} (?:lijst|bestand|database|systeem|gegevens|adres|mailing|uit|af)|(?:eis|verzoek|wil|wens|vraag|sta erop)(?: \\S+){0,5} (?:gegevens|adres|mailadres|data)(?: \\S+){0,4} (?:gewist|verwijderd|gewijzigd|wissen|verwijderen|verwijdert|wist)|(?:geen|nooit)(?: \\S+)? (?:toestemming|akkoord)(?: \\S+){0,2}|(?:markeer|markeren|rapporteer|meld)(?: \\S+){0,3} als spam|blokkeer\\w*|geblokkeerd|bespaar (?:me|mij|ons)|laat (?:me|mij|ons)(?: \\S+)? met rust|niet (?:meer )?(?:benaderen|mailen|contacteren)$',
    ],
    unless: ['(?:kunnen|ontvangers|klanten) '],
  },
  {
    class: 'hostile',
    fixed: true,
    when: [
      'prutsers?|leugenaars?|hufters?|mafkezen|mafkees|dom(?:me|merik)?\\b|achterlijk\\w*|zielig|triest|bagger|ophoepelen|opzouten|hoepel op|pleur op|advocaat|rot (?:toch )?op|spuugzat|kotsmisselijk|kots|walg\\w*|irritant\\w*',
    ],
    unless: ['advocatenkantoor|wij zijn advocat'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      '(?:voor|tot|na|niet voor) (?:de |het )?(?:herfst|zomer|winter|lente|voorjaar|najaar|januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|kerst|vakantie|nieuwe jaar|einde)(?: \\S+){0,4}|(?:hebben|heb) (?:net|pas|zojuist)(?: \\S+){0,4} (?:verlengd|getekend|gekozen|gewisseld|afgesloten|gestart)|later misschien|misschien (?:later|volgend|over|in)|wellicht (?:later|volgend|over|in)|te vroeg|een andere keer|over (?:een paar|enkele|zes|drie) maanden|midden in een|reorganisatie|overvol|tot over (?:mijn|onze) oren|volgeboekt|geen tijd',
    ],
    unless: ['afwezig|met vakantie|op vakantie|niet op kantoor', 'geen tijd te verliezen'],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      'niet (?:ons|mijn) ding|niet (?:voor|bij) ons|(?:al|reeds)(?: \\S+){0,6} (?:geregeld|voorzien|opgelost|ingevuld)|past (?:\\S+ ){0,2}?niet|(?:zien|zie|hebben|heb)(?: \\S+){0,2} (?:geen|niet)(?: \\S+)? (?:meerwaarde|nut|noodzaak|behoefte|voordeel|aanleiding)|(?:zijn|gaan|willen) (?:\\S+ )?niet (?:van plan|overstappen|veranderen|verder)|liever niet|laat maar|laten we (?:het )?(?:hierbij|zitten)|voldoet niet|te (?:duur|groot|complex|ingewikkeld)|niet overtuigd',
    ],
    unless: ['niet alleen|geen probleem', '(?:maandag|dinsdag|woensdag|donderdag|vrijdag|uur)'],
  },
  {
    class: 'not_interested',
    fixed: true,
    weak: true,
    when: ['(?:veel )?succes(?: \\S+)?$|zelf(?: (?:gedaan|opgelost|gemaakt|geregeld))?$'],
    unless: ['\\?$'],
  },
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      '(?:wil|willen|wens|moet|wenst)(?: \\S+){0,3} (?:van|uit) (?:deze|de|jullie|uw|dit|die)(?: \\S+)? (?:lijst|mailing|bestand|nieuwsbrief|mailinglijst)(?: \\S+)? ?(?:af|uit|weg)?|(?:geen|nooit)(?: \\S+)? (?:reclame|advertenties|aanbiedingen|spam|acquisitie|verkoopmails?)(?: \\S+){0,2}|geen (?:recht|toestemming)(?: \\S+){0,6}',
    ],
    unless: ['geen spam in'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: ['herinner(?: \\S+){0,3} (?:over|in|na|begin|eind)(?: \\S+){1,3}'],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      'niet (?:\\S+ ){0,3}?(?:wisselen|overstappen|veranderen|switchen)|(?:willen|gaan|wil|ga) (?:\\S+ )?niet (?:van|naar)',
    ],
  },
  {
    class: 'hostile',
    fixed: true,
    when: ['oplichters?|bedriegers?'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      '(?:pakken|oppakken|bekijken|kijken|praten|hebben)(?: \\S+){0,5} (?:na|later)|na (?:de )?(?:vakantie|zomer|feestdagen|kerst|pasen|verhuizing)|hoogseizoen|zodra (?:het|we|alles)(?: \\S+){0,3}|als het (?:\\S+ )?rustiger',
    ],
    unless: ['ben (?:ik )?(?:\\S+ )?(?:op|met) vakantie|afwezig|terug'],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      'niets aan|niks aan|(?:moet|moeten|wil|willen)(?: \\S+){0,2} (?:bedanken|afwijzen|weigeren|afslaan)|(?:blijven|blijf) (?:\\S+ )?bij(?: \\S+){1,3}|(?:hebben|heb)(?: \\S+){0,2} (?:gekozen|geopteerd)(?: \\S+){0,4}|geen (?:nut|zin|gebruik|toegevoegde)|lost (?:voor ons )?niets op',
    ],
    unless: ['niets aan de hand'],
  },
  {
    class: 'hostile',
    fixed: true,
    when: [
      'onzin|gezeik|gezeur|gelul|flauwekul|hou (?:toch )?op met (?:die|deze|dat|je|jullie) (?!mail|e-?mail|bericht)\\S+',
    ],
    unless: ['geen onzin'],
  },
];

import type { LanguageRules } from './rules.ts';

const day =
  '(?:vandaag|morgen|overmorgen|maandag|dinsdag|woensdag|donderdag|vrijdag|volgende week|komende week|deze week|maandagochtend|dinsdagochtend|woensdagochtend|donderdagochtend|vrijdagochtend|maandagmiddag|dinsdagmiddag|woensdagmiddag|donderdagmiddag|vrijdagmiddag)';
const time =
  "(?:\\d{1,2}(?:[:.]\\d\\d)? ?(?:uur|u)|\\d{1,2}:\\d\\d|ochtend|'s ochtends|middag|'s middags|s middags|namiddag|voormiddag)";
const thing =
  '(?:info|informatie|details?|brochure|documentatie|offerte|prijzen|prijslijst|prijsopgave|voorstel|presentatie|demo|materiaal|voorbeelden|tarieven|link|folder|gegevens|contract|proefaccount|referenties|stukken)';

export const dutch: LanguageRules = {
  language: 'nl',
  words:
    'maandag dinsdag woensdag donderdag vrijdag de het een en is zijn niet geen wij we ik u uw je jullie ons onze mij me mijn met voor van op bij aan om dat dit deze die wat wie hoe waar wanneer kan kunnen heb hebben heeft graag bedankt dank beste hallo goedemorgen groet ook nog al maar er naar tot weer ben wel geen hier zou wil mail bericht',
  negators: 'niet|geen|nooit|noch|zonder|nergens|nauwelijks|niets',
  negatorsAfter: 'niet|nooit|geenszins',
  contrast: 'maar|echter|toch|hoewel|omdat|want|dus|anders|daarentegen',
  doubt: 'niet zeker of|weet niet of|vraag me af of|als (?:u|je|jullie)|indien|of (?:u|je|jullie)',
  forNow: 'op dit moment|momenteel|nu|voorlopig|vooralsnog|dit jaar|nog niet|op het moment|even|thans',
  formerly: 'eerst|aanvankelijk|in het begin|tot nu toe|voorheen|vroeger',
  urgent:
    'dringend|dringende|spoed|spoedeisend|spoedgevallen|urgent|urgente|noodgeval|tijdens mijn afwezigheid|in mijn afwezigheid|bij afwezigheid',
  asks: 'wat|hoe|waar|wanneer|wie|welke|welk|waarom|hoeveel|is er|zijn er|hebben jullie|heeft u|heb je|kan (?:ik|het|dit|je|u|men)|kunnen (?:jullie|we)|kun je|kunt u|bieden jullie|werkt (?:dit|het)|ondersteunen|werken jullie',
  back: '(?:weer )?(?:terug|aanwezig|bereikbaar|op kantoor|beschikbaar)(?: op| vanaf| per)*|vanaf|per|keer … terug|retour|hervat|weer (?:op|vanaf|aanwezig|bereikbaar|terug|open)|weer|op',
  until: 'tot|t/m|tot en met|tot aan|t\\.e\\.m\\.|-|–|—|en met',
  inclusive: 'en met|t/m|t\\.e\\.m\\.|inclusief|-|–|—',
  untilIsInclusive: false,
  months: [
    'jan(?:uari)?',
    'feb(?:ruari)?',
    'maart|mrt',
    'apr(?:il)?',
    'mei',
    'juni?',
    'juli?',
    'aug(?:ustus)?',
    'sept?(?:ember)?',
    'okt(?:ober)?',
    'nov(?:ember)?',
    'dec(?:ember)?',
  ],
  weekdays: ['maandag|ma', 'dinsdag|di', 'woensdag|wo', 'donderdag|do', 'vrijdag|vr', 'zaterdag|za', 'zondag|zo'],
  tomorrow: 'morgen',
  nextWeek: 'volgende week|komende week',
  next: 'volgende|komende|aanstaande',
  rules: [
    {
      class: 'unsubscribe_request',
      fixed: true,
      when: [
        '^(?:graag |gelieve |aub |alstublieft )?(?:uitschrijven|uitschrijving|afmelden|afmelding|stop|stoppen|stop hiermee|verwijderen|verwijder|verwijder mij|mij verwijderen|mij uitschrijven|unsubscribe|opzeggen|geen mails|geen mail meer|geen mails meer|schrijf mij uit|schrijf me uit|mij afmelden)(?: (?:aub|graag|a\\.u\\.b\\.?|alstublieft|bedankt|per direct|alsjeblieft|svp|dank|nu))*$',
        '(?:geen|nooit)(?: \\S+){0,3} (?:mails?|e-?mails?|mailtjes|berichten|post|reclame|spam|nieuwsbrie\\w+|contact|aanbiedingen)(?: \\S+){0,4} ?(?:meer|ontvangen|sturen|krijgen|opnemen|toesturen|willen|wil)|(?:niet|nooit)(?: \\S+){0,4} (?:meer|weer|langer|nogmaals)(?: \\S+){0,3} (?:mailen|benaderen|benaderd|contacteren|contact|schrijven|aanschrijven|aangeschreven|lastigvallen|lastiggevallen|gemaild|ontvangen|sturen|gecontacteerd|horen|krijgen)|(?:mail|stuur|benader|contacteer|schrijf|bel|mailen|benaderen)(?: \\S+){0,3} (?:niet|nooit|niets|geen)(?: \\S+){0,2} (?:meer|weer|mails?|e-?mails?|berichten)',
        '(?:stop|stoppen|hou|houd|kap|ophouden) (?:\\S+ )?(?:met|op met|eens op|hiermee)(?: \\S+){0,4} ?(?:mails?|e-?mails?|mailen|sturen|berichten|spammen|spam|deze|dit|die|benaderen)?|(?:wil|wens|willen|wensen)(?: \\S+){0,4} (?:niet meer|geen|niets meer)(?: \\S+){0,4} (?:ontvangen|benaderd|mails?|e-?mails?|berichten|horen|contact|gemaild|krijgen)|avg|recht op (?:vergetelheid|verwijdering)|maak bezwaar|afmeld\\w+|uitschrijf\\w+|uitgeschreven',
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
      class: 'left_company',
      fixed: true,
      when: [
        '(?:niet meer|niet langer)(?: \\S+){0,3} (?:bij ons|werkzaam|in dienst|voor (?:ons|het bedrijf|de organisatie)|hier|bij (?:het|dit|deze|de)|verbonden|actief bij|deel)|(?:werkt|werk|is|ben|zit)(?: \\S+){0,3} (?:niet meer|niet langer)(?: \\S+){0,2} ?(?:bij|hier|in|voor|werkzaam|aan|onder|$)',
        '(?:organisatie|bedrijf|firma|onderneming|team|kantoor|ons)(?: \\S+){0,5} (?:verlaten|verlaat|vertrokken|uit dienst)|(?:verlaten|verlaat|vertrokken)(?: \\S+){0,3} (?:organisatie|bedrijf|firma)|uit dienst|met pensioen|gepensioneerd|overleden|(?:mijn|zijn|haar) (?:opvolg\\w+|laatste (?:werk)?dag)|laatste werkdag|(?:heeft|heb) (?:\\S+ )?(?:ontslag genomen|een andere baan|andere werkgever)|oud-(?:collega|medewerker)|voormalig\\w* (?:collega|medewerker)|(?:heeft|neemt) (?:\\S+ ){0,4}?overgenomen',
      ],
      unless: ['niet meer (?:ontvangen|nodig|interessant|mailen|van toepassing)'],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        '(?:niet|geen)(?: \\S+){0,3} (?:de (?:juiste|goede) (?:persoon|contactpersoon|afdeling|man|vrouw)|de contactpersoon|het juiste (?:adres|aanspreekpunt)|verantwoordelijk|de verantwoordelijke|over|mijn (?:afdeling|terrein|gebied|werk|pakkie-an|verantwoordelijkheid|vakgebied|taak|ding)|bevoegd|degene|de beslisser|beslisbevoegd|bij mij|mee bezig)',
        '(?:verkeerde?|foute?|onjuiste?) (?:persoon|contactpersoon|adres|afdeling|contact|mailadres|e-?mailadres|man|vrouw)|(?:bij mij|hier) (?:\\S+ )?(?:verkeerd|niet goed)|ga hier niet over|ga daar niet over|ga er niet over|niet bij mij',
        '(?:neem|neemt|mail|stuur|bel|benader|vraag|spreek|contacteer|probeer|richt|wend|kunt u|kun je|kan je|beter|best)(?: \\S+){0,5}? (?:contact (?:op )?met|naar|aan|bij|met|tot) (?!(?:mij|me|ons|de zomer)\\b)(?:mijn (?:collega|baas|manager|leidinggevende)|onze? \\w+|de (?:afdeling|heer|inkoop|directie|directeur)|collega|mevrouw|meneer|afdeling|[a-z]+ [a-z]+|[a-z]+|\\S+@)|(?:mail|bel|vraag|contacteer|benader|spreek) (?!(?:mij|me|ons|gerust|even|nog|dan|niet|naar)\\b)(?:mijn collega|onze \\w+|[a-z]+ (?:de |van |van de |der )?[a-z]+,? \\(?\\S+@|[a-z]+ (?:van|bij|in|op|even)|[a-z]+ (?:de |van |van der )?[a-z]+$|[a-z]+$)',
        '(?:loopt|ligt|gaat|valt|wordt|is|zit|verloopt)(?: \\S+){0,4} (?:via|bij|onder|over|door|geregeld door|belegd bij)(?: \\S+)? (?:onze?|de|het|mijn|afdeling|inkoop|collega|hoofdkantoor)|(?:gaat|gaan|beslist|beslissen|regelt|regelen|verantwoordelijk)(?: \\S+){0,3} (?:hierover|daarover|hierin|dit|dat|hiervoor|daarvoor|over)|(?:hierover|daarover|hiervoor|daarvoor|dit soort)(?: \\S+){0,4} (?:gaat|beslist|verantwoordelijk|gaan)|(?:onze|de|mijn) (?:\\S+ )?(?:afdeling|collega|inkoop\\w*|directeur|manager|agency|bureau|hoofdkantoor|it)(?: \\S+){0,2} (?:gaat|beslist|regelt|doet|behandelt|is verantwoordelijk)',
        "(?:doorgestuurd|doorgezet|doorgegeven|stuur|zet|geef|verwijs|stuurde)(?: \\S+){0,6} (?:door|naar|aan|collega)|doorgestuurd|(?:in de|in) cc|cc(?:'ed|'d)?",
      ],
      unless: [
        'tijdens mijn',
        'bij spoed',
        'dringend',
        'wie (?:is|gaat|kan)',
        'stuur(?: \\S+){0,4} (?:uitnodiging|informatie|info|offerte)',
        'contact met u op',
        'niet doorgestuurd',
        'wordt niet door',
      ],
    },
    {
      class: 'out_of_office',
      fixed: true,
      when: [
        '(?:ben|zijn|is|momenteel|tijdelijk|zal|wij|we)(?: \\S+){0,6} (?:afwezig|op vakantie|met vakantie|niet (?:aanwezig|op kantoor|bereikbaar|beschikbaar)|buiten kantoor|op reis|met verlof|op zakenreis|ziek|met (?:zwangerschapsverlof|ouderschapsverlof|bevallingsverlof|kerstverlof)|vrij|gesloten|onderweg|op een beurs|op cursus|afwezig)',
        'afwezigheid(?:sbericht|sassistent|smelding)?|buiten kantoor|(?:zwangerschaps|ouderschaps|bevallings|geboorte)verlof|(?:kantoor|bedrijf|wij)(?: \\S+){0,3} gesloten|beperkt (?:toegang|bereikbaar)|geen toegang tot|(?:weer|terug)(?: \\S+){0,4} (?:bereikbaar|aanwezig|op kantoor|op (?:maandag|dinsdag|woensdag|donderdag|vrijdag|\\d))|(?:terug|bereikbaar|aanwezig)(?: \\S+)? (?:op|vanaf) (?:maandag|dinsdag|woensdag|donderdag|vrijdag|\\d)|bij (?:mijn )?terugkomst|na mijn (?:vakantie|terugkeer)|^afwezig|met vakantie|op vakantie',
      ],
      unless: ['na (?:de|jouw|uw) vakantie', 'niet meer (?:aanwezig|bij)'],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        'automatisch\\w*(?: \\S+)? (?:antwoord|bericht|bevestiging|gegenereerd\\w*|mail|e-?mail|reactie|ontvangstbevestiging|verzonden|aangemaakt\\w*)|ontvangstbevestiging|automatisch (?:gegenereerd|verzonden|aangemaakt)',
        '(?:hebben|is|wordt|zijn)(?: \\S+){0,3} (?:uw|je|jouw)(?: \\S+){0,4} (?:ontvangen|geregistreerd|in behandeling)|(?:uw|je|jouw) (?:\\w+ )?(?:bericht|aanvraag|vraag|e-?mail|mail|verzoek|melding|sollicitatie)(?: \\S+){0,6} (?:ontvangen|geregistreerd|binnengekomen|in behandeling|aangemaakt|doorgestuurd)|ticket ?(?:nummer|nr)?|(?:zaak|referentie|meldings?|registratie|dossier)nummer|onder (?:nummer|referentie)',
        '(?:nemen|beantwoorden|reageren|antwoorden|komen|streven|nemen wij|neemt)(?: \\S+){0,8} (?:zo (?:snel|spoedig) mogelijk|spoedig|binnen \\S+ (?:uur|dagen?|werkdag\\w*)|binnenkort|werkdag\\w*|z\\.s\\.m\\.)|bedankt voor (?:het|uw|je) (?:contact opnemen|aanvraag)|niet (?:beantwoorden|te beantwoorden|gelezen|gemonitord)|(?:kunt|kan) (?:\\S+ )?niet (?:op dit bericht )?(?:antwoorden|beantwoorden)',
      ],
      unless: ['ik (?:heb|ben)'],
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
      class: 'interested',
      negated: 'not_interested',
      when: [
        'interess\\w*|geinteresseerd\\w*|interessant\\w*|nieuwsgierig|benieuwd|aantrekkelijk|relevant|veelbelovend|handig|nuttig|zinvol|spreekt (?:me|mij|ons) aan|behoefte|komt goed uit|leuk|overtuigd',
        'klinkt(?: \\S+)? (?:goed|interessant|leuk|prima|mooi|veelbelovend|als)|lijkt(?: \\S+){0,2} (?:goed|interessant|leuk|prima|mooi|nuttig|handig|wat)|ziet er (?:\\S+ )?(?:goed|interessant|mooi) uit|(?:wij|we|ik) (?:zijn|ben) (?:\\S+ ){0,4}?op zoek|zoeken (?:wij|we)|(?:wil|wilt|willen|zou|zouden)(?: \\S+){0,4} (?:meer (?:weten|informatie|over|horen|info)|graag|kennismaken|proberen|testen|zien)(?: \\S+){0,3}|nodig|kunnen gebruiken|past (?:goed )?bij',
      ],
      unless: [
        '(?:uw|je|jullie) interesse',
        'advocaat',
        'geen spam',
        'verwijder',
        'uitschrijv',
        'bent u',
        'benieuwd wie',
      ],
    },
    {
      class: 'interested',
      when: [
        `(?:stuur|sturen|mail|mailen|toesturen|opsturen|stuurt|deel|delen|geef|ontvangen|ontvang|maak|krijgen|toezenden|zend|doorsturen|maken)(?: \\S+){0,8} ${thing}|${thing}(?: \\S+){0,4} (?:sturen|mailen|toesturen|ontvangen|opsturen|krijgen|doorsturen|delen)`,
        '(?:vertel|vertellen)(?: \\S+){0,3} meer|meer (?:informatie|info|details|weten|over weten|horen)|(?:volgende|vervolg) ?stap\\w*|^(?:ja|graag|prima),? (?!maar)|^(?:ja|ja graag|graag|zeker|natuurlijk|waarom niet|uiteraard|ja hoor|ja zeker|top|akkoord|ja prima|doe maar)(?: (?:graag|bedankt|doe maar|hoor|stuur maar|prima|zeker|dank))*$|hoe (?:gaan we|pakken we|starten|nu) (?:\\S+ )?(?:verder|aan)?|aan de slag|laten we (?:starten|beginnen|het proberen|het doen)|proefperiode|gratis proef|we doen mee|ik doe mee|zie het wel zitten',
      ],
      unless: ['geen', 'niet meer', 'stuur(?: \\S+){0,3} door', 'naar (?:mijn|onze) collega'],
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
      class: 'meeting_request',

      when: [
        `(?:bel|bellen|belt|terugbellen|opbellen)(?: \\S+){0,6} (?:me|mij|ons|${day}|${time}|op \\S+|even)|(?:bel|belt) (?:me|mij|ons)|(?:kunt u|kun je|kan je) (?:me|mij|ons)(?: \\S+){0,4} bellen`,
        `(?:kunnen|kun|kunt|zullen|laten|laat|kan|mogen|willen|wil|graag|even|zou|zouden|past|schikt|komt|lukt|plan|plannen|maken|inplannen|spreken|afspreken)(?: \\S+){0,8} (?:bellen|afspreken|spreken|gesprek|afspraak|meeting|call|videocall|overleg|kennismaking\\w*|demo|teams|zoom|overleggen|inplannen|praten|belafspraak|${day}|${time})`,
        `(?:${day}|${time})(?: \\S+){0,6} (?:past|schikt|lukt|kan|komt uit|uitkomt|goed|beschikbaar|tijd|vrij|prima|akkoord|bellen|spreken|wel)|(?:past|schikt|lukt|kan|heb|ben|hebben|zijn|stel)(?: \\S+){0,6} (?:${day}|${time})`,
        '(?:stuur|sturen|doe|plan|maak|mail)(?: \\S+){0,4} (?:uitnodiging|invite|agendaverzoek|data|tijden|voorstel voor een (?:datum|tijd|afspraak)|afspraak|datumvoorstel\\w*)|(?:wanneer|welke dag|hoe laat|welk tijdstip)(?: \\S+){0,5} (?:tijd|bellen|spreken|afspreken|uit|beschikbaar|gelegen|schikt|past)|(?:mijn|in mijn) (?:agenda|calendly)|agenda link|afspraak (?:maken|inplannen|plannen)',
      ],
      unless: ['vakantie', 'afwezig', 'tijdens mijn', 'volgend (?:jaar|kwartaal)', 'wij (?:nemen|bellen)'],
    },
  ],
};

import { dutchHints } from './nl-hints.ts';
import { dutchRefusals } from './nl-refusals.ts';
import type { LanguageRules } from './rules.ts';

const day =
  '(?:vandaag|morgen|overmorgen|maandag|dinsdag|woensdag|donderdag|vrijdag|volgende week|komende week|deze week|maandagochtend|dinsdagochtend|woensdagochtend|donderdagochtend|vrijdagochtend|maandagmiddag|dinsdagmiddag|woensdagmiddag|donderdagmiddag|vrijdagmiddag)';
const time =
  "(?:\\d{1,2}(?:[:.]\\d\\d)? ?(?:uur|u)|\\d{1,2}:\\d\\d|ochtend|'s ochtends|middag|'s middags|s middags|namiddag|voormiddag)";
const thing =
  '(?:info|informatie|details?|brochure|documentatie|offerte|prijzen|prijslijst|prijsopgave|voorstel|presentatie|demo|materiaal|voorbeelden|tarieven|link|folder|gegevens|contract|proefaccount|referenties|stukken|overzicht|mogelijkheden|kosten)';

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
  occasions: {
    places: 'beurs|cursus|congres|conferentie|training|evenement',
    present: 'ben|zijn|is|zit|momenteel|tijdelijk|zal|^(?:op|in)',
    meets: 'zien|zie|ontmoet\\w*|tot (?:dan|op)|bezoek\\w*|elkaar|stand',
  },
  plans: {
    when: '(?:ik|we|wij)(?: \\S+)? (?:bekijk|bekijken|lees|lezen|check|checken|bestudeer|bestuderen|bespreek|bespreken|antwoord|reageer)|(?:bekijk|lees|check|bestudeer|bespreek|antwoord|reageer) ik|(?:zal|zullen|ga|gaan)(?: \\S+){0,5} (?:bekijken|lezen|bespreken|doornemen|bestuderen)|laat(?: \\S+){0,2} weten|laten(?: \\S+){0,2} weten',
    unless:
      'bel\\w*|telefon\\w*|afspraak|afspreken|gesprek|spreken|meeting|zoom|teams|call|beschikbaar|vrij|schikt|past|agenda|met (?:u|je|jou|jullie)|samen|uitnodiging|demo|langs\\w*|moment',
  },
  back: '(?:weer )?(?:terug|aanwezig|bereikbaar|op kantoor|beschikbaar)(?: op| vanaf| per)*|vanaf|per|keer … terug|retour|hervat|weer (?:op|vanaf|aanwezig|bereikbaar|terug|open)|weer|op|antwoord|beantwoord|reageer|lees|heropen\\w*',
  until: 'tot|t/m|tot en met|tot aan|t\\.e\\.m\\.|-|–|—|en met',
  inclusive: 'en met|t/m|t\\.e\\.m\\.|inclusief',
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
  afterTomorrow: 'overmorgen',
  nextWeek: 'volgende week|komende week',
  next: 'volgende|komende|aanstaande',
  rules: [
    ...dutchRefusals,
    ...dutchHints,
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
        '(?:ben|zijn|is|momenteel|tijdelijk|zal|wij|we)(?: \\S+){0,6} (?:afwezig|op vakantie|met vakantie|niet (?:aanwezig|op kantoor|bereikbaar|beschikbaar)|buiten kantoor|op reis|met verlof|op zakenreis|ziek|met (?:zwangerschapsverlof|ouderschapsverlof|bevallingsverlof|kerstverlof)|vrij (?:tot|van|en)|gesloten|onderweg|op een beurs|op cursus|afwezig)',
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
      class: 'left_company',
      fixed: true,
      when: [
        '(?:van|naar een andere?|nieuwe) (?:baan|werkgever|werk)(?: \\S+)? ?(?:veranderd|gewisseld|vertrokken|gegaan)?|niet meer in dienst|(?:bestaat|zit|werkt|werk|is)(?: \\S+){0,2} niet (?:meer|langer)(?: \\S+){0,3}$|ontslagen|met vervroegd pensioen|niemand met die naam|heeft ons verlaten|weg bij',
      ],
      unless: [
        '(?:interessant|nodig|beschikbaar|actueel) niet (?:meer|langer)',
        'niet meer (?:ontvangen|mailen|nodig|interessant|relevant|van toepassing|actueel)',
      ],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        '(?:moet|moeten|kunt|kun|kan|dient|zou|best|beter)(?: \\S+){0,3} (?:bij|met|naar|aan|via) (?!(?:mij|me|ons)\\b)(?:\\S+ ){1,5}?(?:zijn|bespreken|spreken|overleggen|mailen|vragen|bellen|wenden|terecht|contact)|ben (?:maar|slechts|alleen|enkel)(?: \\S+){1,3}|(?:chef|baas|directie|directeur|collega|manager|compagnon|hoofdkantoor|afdeling)(?: \\S+){0,2} (?:beslist|gaat|regelt|bepaalt|doet|koopt)(?: \\S+){0,2}|(?:beslis|koop|ga|bepaal) ik niet|ik (?:beslis|koop|ga) (?:hier |daar )?niet|niet aan mij|niet mijn (?:beslissing|taak|afdeling|ding|werk)|van afdeling veranderd|(?:zaak|taak|beslissing) van(?: \\S+){1,2}',
      ],
      unless: [
        'tijdens mijn|bij spoed|dringend',
        'wie (?:is|gaat|beslist)',
        '(?:maandag|dinsdag|woensdag|donderdag|vrijdag|morgen) om',
      ],
    },
    {
      class: 'interested',
      fixed: true,
      when: [
        '(?:precies|exact|net|juist) (?:wat|waar|zoiets)(?: \\S+){0,3} (?:zoch\\w+|zoek\\w*|nodig|willen|wilden)|(?:wat|hoeveel)(?: \\S+){0,5} (?:voor|bij) \\d+(?: \\S+)?$|nieuwsgierig (?:gemaakt|geworden)|(?:heb je|hebben jullie|heeft u|is er)(?: \\S+){0,2} (?:pdf|folder|brochure|demo|presentatie|video|prijslijst|documentatie)|(?:mijn|onze) (?:baas|chef|team|directeur|manager)(?: \\S+){0,3} (?:interess\\w+|enthousiast|wil)|doe ons maar|(?:willen|wil) (?:het |dit )?(?:\\S+ )?(?:proberen|uitproberen|testen|bestellen)|laten we beginnen',
      ],
      unless: ['niet ', 'geen ', 'verwijder', 'uitschrijv'],
    },
    {
      class: 'out_of_office',
      fixed: true,
      when: [
        '^(?:op|met) vakantie|^(?:weer|terug)(?: \\S+)? (?:op|vanaf|maandag|dinsdag|woensdag|donderdag|vrijdag|\\d)|(?:later|vertraagd|trager)(?: \\S+){0,2} (?:antwoord|reageren|reactie)|ben er niet',
      ],
      unless: ['niet meer'],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        '(?:medewerker\\w*|team|collega|afdeling|adviseur|klantenservice)(?: \\S+){0,4} (?:antwoordt|antwoorden|reageert|reageren|neemt contact|nemen contact|beantwoordt|beantwoorden)|binnenkort|openingstijden|bereikbaar van|bevestigen (?:de )?ontvangst',
      ],
      unless: ['geen interesse|niet geinteresseerd|van onze kant'],
    },
    {
      class: 'interested',
      negated: 'not_interested',
      when: [
        '(?:kan|kunnen|zou|zouden|zal)(?: \\S+){0,4} (?:werken|passen|helpen|van pas komen|interessant zijn|handig zijn|nuttig zijn|bruikbaar zijn|geschikt zijn)(?: \\S+)?|sta (?:ik )?er(?: \\S+)? voor open|staan er(?: \\S+)? voor open|(?:ik|we|wij) sta(?:an)? (?:\\S+ )?open|ervoor open|wat hebben jullie (?:van mij |van ons )?nodig|laagste prijs|(?:maak|geef)(?: \\S+){0,3} (?:account|toegang)|het proberen waard',
      ],
      unless: ['kan (?:ik|het|dit|je|u)\\b.{0,50}\\?$', 'niet '],
    },
    {
      class: 'interested',
      fixed: true,
      when: [
        '(?:stuur|mail|deel|toon|laat)(?: \\S+){0,3} (?:wat|alles wat|hetgeen) (?:je|jullie|u) (?:hebt|heeft|hebben)|(?:vergelijken|onderzoeken|bekijken|evalueren|zoeken)(?: \\S+){0,3} (?:aanbieders|oplossingen|leveranciers|alternatieven|opties|tools)',
      ],
      unless: ['geen|niet'],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: ['(?:is|ligt) niet (?:aan|bij) mij|vraag(?: het| dit| dat)? (?:aan )?(?:onze|mijn|de|het)(?: \\S+)?'],
      unless: ['spoed|dringend|vraag (?:over|of|me af)'],
    },
    {
      class: 'out_of_office',
      fixed: true,
      when: ['(?:ben|zijn)(?: \\S+){0,6} (?:weg|afwezig|op reis)(?: \\S+){0,6}$|weg en (?:\\S+ ){0,4}(?:terug|weer)'],
      unless: ['weg van|weg bij'],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        '(?:bericht|aanvraag|e-?mail|mail|vraag|verzoek)(?: \\S+){0,2} (?:is|werd)(?: \\S+){0,5} (?:aangekomen|ontvangen|binnengekomen|geregistreerd)|referentie ?:? ?\\S{0,4}\\d{2,}',
      ],
      unless: ['ik '],
    },
    {
      class: 'meeting_request',
      fixed: true,
      when: [
        '(?:zou|kan|kunnen|heb)(?: \\S+){0,3} (?:maandag|dinsdag|woensdag|donderdag|vrijdag|morgen)(?: \\S+){0,6} (?:kunnen|tijd|plek|ruimte)?|tussen \\d+(?: \\S+)? en \\d+',
      ],
      unless: ['vakantie|afwezig|niet'],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        '(?:beslis|bepaal|besluit) (?:\\S+ )?(?:niets|niks|niet)|(?:ben|werk)(?: \\S+){0,2} (?:extern|ingehuurd|stagiair\\w*|uitzendkracht|vrijwilliger|zzp\\S*|freelance\\w*)|(?:stuur|mail|richt|schrijf|doorsturen|zenden|sturen)(?: \\S+){0,4} \\S+@\\S+',
      ],
      unless: ['spoed|dringend|tijdens mijn', 'offerte|informatie|info'],
    },
    {
      class: 'left_company',
      fixed: true,
      when: [
        '(?:is|zit|werkt) er niet meer|er niet meer$|(?:mailbox|postvak|account|adres)(?: \\S+){0,4} (?:gesloten|opgeheven|verwijderd|gedeactiveerd)',
      ],
      unless: ['interesse|nodig'],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        '(?:grote|hoge) (?:drukte|aantallen|hoeveelheid)|(?:beantwoording|reactietijd|reactie|behandeling)(?: \\S+){0,4} (?:langer|duren|vertrag\\w+|oplopen)|bedankt voor (?:je|uw) geduld|no-?reply',
      ],
    },
    {
      class: 'meeting_request',
      fixed: true,
      when: [
        '(?:liever|beter|graag)(?: \\S+)? (?:telefonisch|persoonlijk|bellen|via de telefoon)|(?:kom|komt|kom je|langskomen)(?: \\S+){0,3} (?:langs|op kantoor|bij ons)|(?:verzetten|verplaatsen|uitstellen)(?: \\S+){0,3}|wanneer (?:kun|kunt|kunnen|kan|schikt|past|heb)',
      ],
      unless: ['vakantie|afwezig|kantoor tot'],
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

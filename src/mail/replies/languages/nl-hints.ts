import type { Rule } from './rules.ts';

const unit =
  '(?:de |het |onze |ons |mijn |een )?(?:hoofdkantoor|directie|inkoop|inkoopafdeling|afdeling(?: \\S+)?|moederbedrijf|moedermaatschappij|it-afdeling|ict|marketing|bureau|baas|eigenaar|manager|groep|concern|leidinggevende|franchisegever|administratie)';

/** What Dutch speakers say without the words that the other rules look for. */
export const dutchHints: readonly Rule[] = [
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      '(?:uitschrijv|afmeld|uitgeschreven|afgemeld|opzeg)\\w*(?: \\S+){0,3}|schrijf (?:mij|me|ons|mijn)(?: \\S+){0,4} uit|meld (?:mij|me|ons)(?: \\S+){0,4} af|zeg(?: \\S+){1,5} op$|(?:beeindig|annuleer|stop)(?: \\S+){0,3} (?:abonnement|inschrijving|aanmelding|mailing|nieuwsbrief)|(?:haal|verwijder|schrap|gooi|wis|delete|streep|neem|haalt|verwijderen|schrappen|wissen|halen)(?: (?:aub|svp|alstublieft|graag))?(?: (?:mij|me|ons|mijn|onze|dit|deze))(?: \\S+){0,6}|(?:van|uit) (?:de|uw|je|jullie|deze|het)(?: \\S+)? (?:lijst|lijsten|mailinglijst|mailinglist|verzendlijst|bestand|database|adressenbestand|maillijst|nieuwsbrief|systeem)(?: \\S+){0,3}',
      '(?:geen|niet|nooit|niets)(?: \\S+){0,4} (?:mails?|e-?mails?|mailtjes|berichten|reclame|post|nieuwsbrieven|spam|contact|gemaild|benaderd|lastig|lastiggevallen|aangeschreven|ontvangen|mailen|contacteren|benaderen|sturen|schrijven|gecontacteerd|horen|opnemen)(?: \\S+)? ?(?:meer|verder)?(?: (?:ontvangen|sturen|krijgen|worden|te|van))*$|(?:stop|hou|houd|ophouden|stoppen|hou op|houd op)(?: \\S+)? (?:met|op met|op|hiermee|ermee)(?! (?:die|deze|dat|met die|met deze) (?:onzin|flauwekul|gezeik))(?: \\S+){0,5}|(?:stuur|mail|schrijf|benader|contacteer|bel)(?: \\S+){0,2} (?:mij|me|ons|dit adres)(?: \\S+){0,4} (?:niet|geen|nooit|niets)(?: \\S+){0,4}|(?:stuur|mail|schrijf|benader|contacteer) (?:niet|nooit|niets|geen)(?: \\S+){0,4}|(?:wil|wens|willen|wensen|hoef|hoeven|verzoek)(?: \\S+){0,5} (?:niet|geen|niets|nooit)(?: \\S+){0,3} (?:meer|ontvangen|krijgen|worden|horen)(?: \\S+){0,3}|(?:maak|teken|aantekenen|maken)(?: \\S+){0,3} bezwaar(?: \\S+){0,5}|bezwaar tegen|(?:recht)(?: \\S+){0,4} (?:vergetelheid|verwijdering|bezwaar)|(?:avg|gdpr)(?: \\S+){0,8} (?:verwijder\\w+|wis\\w+|bezwaar)|(?:verwijder|wis|vernietig)\\w*(?: \\S+){0,4} (?:gegevens|adres|e-?mailadres|mailadres|data|contactgegevens)(?: \\S+){0,3}|(?:laat|laten)(?: \\S+)? (?:mij|me|ons)(?: \\S+)? met rust|(?:hoe|waar)(?: \\S+){0,5} (?:uitschrijv\\w+|afmeld\\w+|uit te schrijven|af te melden)|(?:nooit|niet|geen) (?:\\S+ )?(?:toestemming|om gevraagd|aangemeld|ingeschreven|akkoord)(?: \\S+){0,4}',
    ],
    unless: [
      '(?:ontvangers|klanten|contacten|gebruikers)(?: \\S+)? (?:zich|kunnen|kan)',
      '(?:kunnen|kan)(?: \\S+){0,3} (?:zich )?(?:uitschrijven|afmelden)',
      'tot (?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|na)',
      'niet (?:ontvangen|gekregen)$',
      'maandelijks opzegbaar|opzegtermijn|opzegbaar|contract opgezegd',
      'deze mailbox|dit (?:postvak|adres) wordt',
    ],
  },
  {
    class: 'hostile',
    fixed: true,
    when: [
      '(?:rot|donder|sodemieter|flikker|pleur|tyf|krijg)(?: \\S+){0,2} (?:op|toch|de|het)(?: \\S+){0,4}|(?:jullie|je|u) (?:zijn|bent)(?: \\S+){0,3} (?:oplichters?|idioten|idioot|parasieten|parasiet|schande|ergerlijk|sukkels?|triest|zielig|dieven|klootzakken|tuig)|(?:schaam|schamen|schande|schandalig|belachelijk|walgelijk|zielig|triest|oplichter\\w*|oplichting|stelletje|klootzak\\w*|idioot|idioten|sukkels?|kut\\w*|klote\\w*|kanker\\w*|flikker|hufter\\w*|tuig|debiel\\w*|achterlijk\\w*|bespottelijk)|(?:aangifte|advocaat|rechter|juridische stappen|politie|klacht|acm|autoriteit persoonsgegevens|rapporteer|aanklagen)(?: \\S+){0,5}|wat een (?:onzin|flauwekul|brutaliteit|gotspe|rotzooi)|val (?:iemand|andere) anders lastig|hoe durf\\w*',
    ],
    unless: [
      '(?:ben|zijn|als) (?:\\S+ )?advoca\\w+|voor advocaten|advocatenkantoor',
      'belachelijk (?:goed|goedkoop)',
      'klachten (?:van|over|afhandel\\w+)|klachtenafhandeling',
      'sorry',
    ],
  },
  {
    class: 'left_company',
    fixed: true,
    when: [
      '(?:werkt|werk|is|ben|zit)(?: \\S+){0,3} niet (?:meer|langer)(?: \\S+)? (?:bij|hier|in dienst|werkzaam|voor|onder ons|actief|in)(?: \\S+){0,3}|niet meer (?:bij ons|hier|in dienst|werkzaam|voor ons|onder ons)|(?:uit dienst|met pensioen|gepensioneerd|overleden|ontslagen|ontslag genomen|vertrokken)(?: \\S+){0,3}|(?:heeft|heb|hebben)(?: \\S+){0,5} (?:verlaten|andere baan|nieuwe baan|andere werkgever|elders)|(?:nieuwe|andere) (?:baan|werkgever|uitdaging|functie elders)(?: \\S+){0,2}|(?:mijn|zijn|haar) (?:contract|dienstverband|arbeidscontract)(?: \\S+){0,4} (?:afgelopen|beeindigd|gestopt|ten einde|eindigde|verlopen)|(?:laatste werkdag)|niemand met die naam|(?:bij|van) (?:dit bedrijf|ons|het bedrijf) (?:weg|vertrokken)|(?:van baan|van werkgever) (?:veranderd|gewisseld)',
    ],
    unless: [
      'niet meer (?:interessant|geinteresseerd|nodig|beschikbaar)',
      'op vakantie|met verlof',
      'pensioenfonds|pensioenen',
      'vertrokken (?:op|met) (?:vakantie|reis)',
      'contract (?:met|bij)',
    ],
  },
  {
    class: 'wrong_person',
    fixed: true,
    when: [
      `(?:verkeerde|foute|onjuiste) (?:persoon|adres|afdeling|bedrijf|nummer|contactpersoon|man|vrouw)|(?:verantwoordelijke|juiste persoon|aanspreekpunt|contactpersoon|beslisser)(?: \\S+){0,4} is (?!(?:niet|er|het|dat)\\b)\\S+|verward met|verwar\\w*(?: \\S+){0,4}|(?:vergis\\w*|vergissing)(?: \\S+){0,3}|(?:moet|moeten|kunt|kun|kan)(?: \\S+){0,2} (?:op|bij|met|naar|aan)(?: \\S+){0,4} (?:zijn|wezen|terecht|aankloppen)|(?:beslist|beslissen|gaat|gaan|regelt|regelen|doet|koopt|bepaalt|verzorgt|loopt via|ligt bij)(?: \\S+){0,4} ${unit}|${unit}(?: \\S+){0,3} (?:beslist|gaat hierover|gaat daarover|regelt|bepaalt|koopt|verzorgt|gaat over)(?: \\S+){0,3}|(?:niet|geen)(?: \\S+){0,3} (?:degene|de juiste|juiste|verantwoordelijk|mijn (?:afdeling|taak|gebied|terrein|pakkie|verantwoordelijkheid)|aanspreekpunt|beslisser|beslissingsbevoegd|zeggenschap|mee te maken)(?: \\S+){0,4}|(?:ga|gaan) (?:\\S+ )?(?:hier|daar|er) (?:\\S+ )?niet (?:over|om)|(?:zet|zette|heb|neem)(?: \\S+){0,3} (?:in (?:de )?(?:cc|kopie))(?: \\S+){0,4}|(?:doorgestuurd|doorgezet|doorgegeven|stuur|geef|zet)(?: \\S+){0,5} (?:door|aan|naar) (?:mijn|onze|de|het|een|\\S+)(?: \\S+){0,2}|(?:vraag|vraagt|mail|benader|probeer|contacteer|neem contact op met)(?: (?:het|dit|dan|even|maar|beter|eens|liever))* (?:aan |bij |met )?(?!(?:mij|me|ons|mijn|het|dit|nog|in|later|over|eens)\\b)(?:\\S+)(?: van \\S+| in \\S+)?$|(?:zij|hij|die|\\S+) (?:regelt|gaat over|gaat hierover|is verantwoordelijk|beslist|beheert) (?:dit|dat|hierover|hiervoor|deze|onze)?|(?:ben|dit is|wij zijn) (?:slechts |maar |alleen |hier )*(?:een )?(?:school|particulier|docent|lera\\w+|verpleegkundige|tandarts|student|stagiair\\w*|receptionist\\w*|gepensioneerde|secretaresse)`,
    ],
    unless: [
      'dringend|spoed|afwezigheid|noodgeval',
      '(?:afspraak|agenda)(?: \\S+){0,4}',
      '(?:wie|hoe)(?: \\S+){0,5}\\?$',
      'automatisch\\w*|ticket|melding|geregistreerd',
      '(?:stuur|mail|geef)(?: \\S+){0,3} (?:maar|graag|even)(?: \\S+){0,3} (?:naar|aan) (?:mij|me|mijn)',
      'niet (?:de juiste|het juiste) (?:moment|tijd\\w*)',
      'bel me',
    ],
  },
  {
    class: 'auto_reply',
    fixed: true,
    when: [
      "(?:melding|vraag|bericht|mail|e-?mail|verzoek|ticket|aanvraag|sollicitatie|bestelling|klacht)(?: \\S+){0,4} (?:geregistreerd|ontvangen|aangemaakt|in behandeling|doorgestuurd|verwerkt|binnengekomen|toegewezen|geopend)(?: \\S+){0,4}|(?:mailbox|postvak|adres|inbox|postbus)(?: \\S+){0,3} (?:niet|wordt niet|slechts)(?: \\S+)? (?:gelezen|gemonitord|bemand|gecontroleerd|beheerd|bewaakt)|(?:gebruik|vul)(?: \\S+)? (?:ons|het|onze) (?:formulier|contactformulier|portaal|klantenportaal)|(?:een|onze|een van onze)(?: \\S+){0,2} (?:medewerkers?|collega'?s?|team|adviseurs?|agenten)(?: \\S+){0,3} (?:neemt|nemen|zal|zullen|reageert|behandelt)(?: \\S+){0,4}|automatisch\\w*|ticketnummer|referentienummer|zaaknummer|(?:wij|we) (?:reageren|nemen|beantwoorden|antwoorden)(?: \\S+){0,3} (?:binnen|zo snel|zo spoedig|spoedig|contact)(?: \\S+){0,4}|openingstijden|(?:bedankt|dank u wel|dank|dank je wel) voor (?:uw|je|het) (?:aanvraag|bericht|sollicitatie|bestelling|melding|vraag|contact opnemen|e-?mail)(?!, maar)",
    ],
    unless: [
      '(?:geen|niet)(?: \\S+){0,3} (?:interesse|geinteresseerd)',
      '(?:^|, )maar',
      '\\?$',
      '(?:ik wil|graag wil|zou graag|ik (?:ben|heb|zou|wil))',
      'vakantie|afwezig',
    ],
  },
  {
    class: 'out_of_office',
    fixed: true,
    when: [
      '(?:ben|zijn|is)(?: \\S+){0,4} (?:op reis|op vakantie|met vakantie|afwezig|met verlof|ziek|niet aanwezig|niet bereikbaar|op een beurs|in het buitenland|gesloten|weg|op cursus|op zakenreis|buiten kantoor)(?: \\S+){0,4}|^(?:op reis|op vakantie|met vakantie|afwezig|met verlof|gesloten)(?: \\S+){0,3}|(?:antwoord|beantwoord|lees|reageer)(?! (?:het|dit) )(?: \\S+){0,3} (?:vanaf|op|als|weer|pas|maandag|dinsdag|woensdag|donderdag|vrijdag)(?: \\S+){0,3}|gesloten (?:wegens|vanwege|tot|van|i\\.v\\.m\\.)(?: \\S+){0,3}|(?:zwangerschapsverlof|ouderschapsverlof|ziekteverlof|vaderschapsverlof)|(?:vanaf|op) \\S+(?: \\S+)? (?:zijn we|ben ik|zijn wij) (?:er )?weer(?: \\S+){0,2}',
    ],
    unless: [
      '(?:bellen|spreken|afspreken|afspraak|langskomen)',
      'na (?:mijn|de) vakantie',
      '\\?$',
      'contract|vertrokken',
    ],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      '(?:probeer|mail|bel|spreek|benader|schrijf|kom|neem|vraag|herinner|contacteer|laat|laten)(?: \\S+){0,6} (?:in (?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|het (?:najaar|voorjaar|nieuwe jaar))|na de|over (?:een|enkele|een paar|\\d+|twee|drie|zes)|later|volgend jaar|volgend kwartaal|komend jaar|als (?:we|wij|het)|rond|begin|eind)(?: \\S+){0,4}|(?:andere) (?:prioriteiten|projecten|zaken|dingen)|(?:misschien|wellicht|mogelijk|eventueel)(?: \\S+){0,5} (?:later|jaar|kwartaal|zomer|najaar|voorjaar|keer|januari|september|20\\d\\d)(?: \\S+){0,2}|(?:niet|geen)(?: \\S+)? (?:het|een|de)? ?(?:juiste|goede|goed|beste|handig)? ?(?:moment|timing|tijdstip)(?: \\S+){0,3}|(?:slecht|verkeerd|ongelukkig) (?:moment|getimed)|(?:nu|momenteel|op dit moment|voorlopig|dit jaar|vooralsnog|even)(?: \\S+)? (?:niet|geen)(?: \\S+){0,5}|(?:net|pas|zojuist|onlangs)(?: \\S+){0,6} (?:afgesloten|getekend|verlengd|gestart|ingevoerd|overgestapt|aangeschaft|gewisseld)|(?:budget|budgetten)(?: \\S+){0,4} (?:op|besteed|bevroren|vergeven|vastgelegd|dicht)|(?:contract|vast|verbonden)(?: \\S+){0,5} tot(?: \\S+){0,3}|midden in(?: \\S+){0,3} (?:fusie|verhuizing|reorganisatie|migratie|overgang|project)|(?:bewaar|houd|hou)(?: \\S+){0,4} (?:gegevens|achterhoofd|in gedachten|voor later)(?: \\S+){0,3}|(?:te druk|geen tijd|geen capaciteit)(?: \\S+){0,3}',
    ],
    unless: [
      '(?:vakantie|kantoor|afwezig)(?<!na de vakantie)',
      '(?:maandag|dinsdag|woensdag|donderdag|vrijdag|morgen|\\d uur)',
      '(?:mail|bel|schrijf|benader)(?: \\S+){0,2} niet',
      'gegevens (?:van|uit) ',
    ],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      '(?:doen|hebben|regelen|gebruiken|maken|verzorgen|beschikken)(?: \\S+){0,4} (?:zelf|intern|al|in eigen beheer|in huis|reeds)(?: \\S+){0,3}|(?:dat|dit|het) (?:doen|hebben|regelen) we (?:zelf|al|intern)|(?:niet|geen)(?: \\S+){0,4} (?:nut|behoefte|interesse|belangstelling|meerwaarde|toegevoegde waarde|noodzaak|reden|plannen|passend|geschikt|nodig|zinvol|relevant|interessant|op zitten te wachten|verder|overtuigd|geinteresseerd|iets voor ons|voor ons|aan beginnen|van toepassing|aansluit\\w*|op ingaan|mee verder|in huis halen|van plan)(?: \\S+){0,4}|(?:nut|zin|meerwaarde|voordeel|noodzaak)(?: \\S+){0,4} niet(?: \\S+){0,3}|(?:past|pas|sluit|helpt|voegt|spreekt|trekt)(?: \\S+){0,4} niet(?: \\S+){0,5}|(?:besloten|gekozen|voorkeur|liever)(?: \\S+){0,6} (?:niet|ander\\w*|blijven|houden|zoals)(?: \\S+){0,4}|(?:blijven|blijf) (?:\\S+ )?(?:bij|zoals|liever)(?: \\S+){0,4}|te (?:duur|ingewikkeld|groot|prijzig)(?: \\S+){0,3}|buiten (?:ons|het) budget|(?:wijs|wijzen|afwijzen|afgewezen|zien|zie)(?: \\S+){0,4} (?:af|ervan af|er vanaf)|(?:succes|veel succes|sterkte)(?: \\S+){0,4}$|(?:tevreden|blij) (?:met|over)|(?:bedankt|dank),? maar(?: nee)?(?: \\S+){0,3}|nee,? (?:bedankt|dank|helaas)|(?:niks|niets) voor (?:ons|mij)',
    ],
    unless: [
      '(?:nu|momenteel|op dit moment|voorlopig|dit jaar) (?:niet|geen)',
      'niet (?:zo )?tevreden|ontevreden',
      '(?:hebben|heeft|heb) (?:jullie|u|je) (?:al|zelf)|\\?$',
      'niet alleen',
      'niet (?:degene|de juiste)',
      'geen (?:probleem|haast)',
      '(?:ik|niet) (?:beslis|ga hier|ga daar)',
    ],
  },
  {
    class: 'interested',
    fixed: true,
    when: [
      '(?:wil|willen|zou|zouden)(?: \\S+){0,4} (?:proberen|uitproberen|testen|zien|weten|horen|ontvangen|bekijken|proefperiode|demo|offerte|meer)(?: \\S+){0,3}|(?:vertel|vertelt|leg)(?: \\S+){0,3} (?:meer|uit)(?: \\S+){0,2}|(?:precies|exact|juist) wat (?:we|wij|ik)(?: \\S+){0,2}(?: zoek\\w*| nodig| wil\\w*)?|hoe (?:nu )?verder|hoe (?:starten|beginnen|gaan) (?:we|wij)(?: \\S+){0,3}|(?:stuur|maak|mail|bezorg|geef|doe)(?: \\S+){0,4} (?:offerte|voorstel|prijsopgave|informatie|info|prijslijst|prijzen|brochure|presentatie|demo|documentatie|details|iets|aanbod|materiaal)(?: \\S+){0,3}|(?:akkoord|doen we|ik doe mee|we doen mee|laten we (?:het|dit|beginnen|starten)|kom maar op|laat maar (?:zien|horen|komen)|overtuigd)(?: \\S+){0,2}$|(?:past|sluit)(?: \\S+){0,3} (?:goed|perfect|prima|mooi)(?: \\S+){0,3}',
    ],
    unless: ['(?:niet|geen|nooit|niets)(?: \\S+){0,4}', 'uitschrijv\\w+|verwijder\\w+|afmeld\\w+', 'advocaat|aangifte'],
  },
  {
    class: 'meeting_request',
    fixed: true,
    when: [
      '(?:maak|plan|regel|prik|zet|stel|boek|leg)(?: \\S+){0,6} (?:afspraak|secretaresse|assistent\\w*|meeting|gesprek|datum|agenda|belafspraak|overleg|moment|in|call)(?: \\S+){0,4}|(?:kun|kunt|kunnen|kan|zullen|zou|zouden)(?: \\S+){0,3} (?:bellen|langskomen|afspreken|spreken|videobellen|overleggen|komen|ontmoeten|zoomen|teamsen)(?: \\S+){0,4}|(?:heb|hebben|heeft)(?: \\S+){0,4} (?:gaatje|gaatjes|half uur|halfuur|uurtje|tijd|plek|ruimte)(?: \\S+){0,4}|(?:maandag|dinsdag|woensdag|donderdag|vrijdag)(?:ochtend|middag|morgen|avond)?(?: \\S+){0,4} (?:gaatje|tijd|vrij|beschikbaar|plek|kan|past|schikt|uur)(?: \\S+){0,3}|(?:loop|kom|wip)(?: \\S+){0,4} (?:langs|binnen|voorbij|op de koffie)(?: \\S+){0,4}|bel (?:me|mij|ons|maar|gerust|even)(?: \\S+){0,5}|(?:telefonisch|persoonlijk|via teams|via zoom|onder het genot|in een videogesprek|onder vier ogen)(?: \\S+){0,4}|(?:laten we|zullen we)(?: \\S+){0,4} (?:bellen|praten|spreken|afspreken|overleggen|kennismaken)(?: \\S+){0,3}|(?:ben|zijn)(?: \\S+)? (?:vrij|beschikbaar|op kantoor)(?: \\S+){0,5}',
    ],
    unless: [
      'vakantie|afwezig|dringend|spoed|niet bereikbaar|weer (?:bereikbaar|terug)|verlof',
      '(?:niet|geen)(?: \\S+){0,3} (?:bellen|tijd|afspraak|beschikbaar|behoefte)',
      '(?:januari|februari|maart|april|september|oktober|november|december|najaar|voorjaar)|volgend jaar|na de zomer|volgend kwartaal',
      'advocaat|politie',
    ],
  },
];

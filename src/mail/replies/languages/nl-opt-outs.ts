import type { OptOuts } from './rules.ts';

const month =
  '(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|lente|voorjaar|zomer\\S*|herfst|najaar|winter\\S*|kerst\\S*|pasen|vakantie\\S*|kwartaal|jaar|maand|week|maandag|dinsdag|woensdag|donderdag|vrijdag|20\\d\\d|\\d)';
const mails =
  '(?:mails?|e-?mails?|mailtjes|berichten|berichtjes|reclame|reclamemails?|aanbiedingen|nieuwsbrie\\S+|spam|gespam|gemail|post|acquisitie|benadering|verzoeken)';

export const dutchOptOuts: OptOuts = {
  others: [
    '(?:verwijder|afmeld|uitschrijf)(?:verzoeken|aanvragen)',
    'automatisch(?: \\S+){0,8}\\?$|(?:verwijder\\w+|opschonen)(?: \\S+){0,4} (?:dubbele|ongeldige|inactieve|oude)|(?:beheer\\w*|verwerk\\w*|bijhouden)(?: \\S+){0,3} (?:afmelding\\w*|uitschrijving\\w*)|(?:dubbele|ongeldige|inactieve|oude)(?: \\S+){0,4} verwijder\\w*',
    '(?:ontvangers?|klanten|gebruikers|abonnees|contacten|leads|lezers|leden|mensen|medewerkers|deelnemers)(?: \\S+){0,6} (?:afmelden|uitschrijven|opzeggen|af te melden|uit te schrijven|verwijder\\w+)|zich (?:\\S+ ){0,4}(?:afmelden|uitschrijven)',
    '(?:te veel|teveel|veel|meer|minder|hoge|onze|aantal) (?:\\S+ )?(?:afmeldingen|uitschrijvingen|opzeggingen)|(?:afmeld|uitschrijf|opzeg)(?:percentages?|ratio|cijfers|proces)',
    '(?:opzeggen|stopzetten|pauzeren|beeindigen|annuleren)(?: \\S+){0,8}\\?$|(?:abonnement|contract|proefperiode)(?: \\S+){0,6} (?:opzeggen|stopzetten|pauzeren|beeindigen|annuleren|stoppen)(?: \\S+){0,4}\\?$',
    '(?:de|alle) (?:\\S+ )?(?:gegevens|data|bestanden|opnames|contacten)(?: \\S+){0,10}\\?$|gegevens(?: \\S+){0,4} (?:na afloop|na het|bij einde)',
  ],
  own: [
    '(?:kunt u|kun je|kunnen jullie|wilt u)(?: \\S+){0,2} (?:de|alle) gegevens(?: \\S+)? (?:verwijderen|wissen)$|(?:kunt u|kun je|kunnen jullie|wilt u)(?: \\S+){0,2} (?:de|alle) gegevens verwijderen',
    '(?:verwijder\\w*|haal|haalt|schrijf|meld|zet|schrap\\w*|wis|mail|stuur|benader|laat|gooi)(?: \\S+){0,2} (?:mij|me|ons|mijn|onze|dit (?:adres|e-?mailadres|mailadres))(?! (?:de|het|een|meer|even|maar|die)\\b)',
    '(?:mijn|onze|ons|dit) (?:\\S+ )?(?:adres|e-?mail\\S*|mail\\S*|gegevens|naam|mailbox)',
    '(?:ik|wij|we) (?:\\S+ ){0,4}(?:afmelden|uitschrijven|bezwaar)|hoe (?:kan|meld|schrijf) (?:ik|wij|we) ',
  ],
  later: [
    `(?:voor|tot)(?: (?:de|het|eind|begin|half|midden|van|na|aan|volgend|volgende|komend|komende|deze|dit|minstens|over))* ${month}`,
    'voorlopig|voor nu|daarna graag',
  ],
  removal: [
    'afmeld\\w*|uitschr\\w+|verwijder\\w*|lijst\\w*|bestand\\w*|nieuwsbrie\\w*|avg|nooit|spam|schrap\\w*|bezwaar',
  ],
  contrary: [
    'niet (?:aan|naar) (?:mij|me|ons),? (?:maar|stuur|mail|schrijf)',
    'stop (?:\\S+ )?(?:vooral |alsjeblieft |aub )?niet|niet (?:stoppen|ophouden)|hou(?:d)? (?:\\S+ )?niet op',
    '(?:ontvang\\w*|krijg\\w*|kreeg|kregen|kwam)(?: \\S+){0,4} (?:geen|niet|niets)(?: \\S+){0,5} (?:link|toegang|uitnodiging|wachtwoord|bijlage|voorstel|offerte)',
    'niet (?:aan|naar) (?:mij|ons|me)(?: \\S+){0,4} maar (?:aan|naar)',
  ],
  rules: [
    {
      class: 'unsubscribe_request',
      fixed: true,
      when: [
        'hoe (?:schrijf|meld|kom|kan)(?: \\S+){0,5} (?:uit|af|afmelden|uitschrijven)$',
        '(?:mij|me|ons|mijn \\S+|ons \\S+|dit adres)(?: \\S+){0,2} (?:op|in|aan) (?:uw|jullie|de|een|je) (?:\\S+ )?(?:uitsluit|blokkeer|zwarte |black|do-not-contact-?|niet-mailen-?|afmeld|sper)\\S*lijst',
        '(?:niet (?:meer|langer)|nooit meer)(?: \\S+){0,4} (?:op|in|tussen|bij)(?: \\S+)? (?:lijst\\w*|bestand\\w*|mailing\\w*|verzendlijst|ontvangers|database)',
        '(?:haal\\w*|halen|gehaald|gooi\\w*|schrap\\w*|verwijder\\w*)(?: \\S+){0,2} (?:mij|me|ons|mijn \\S+|onze \\S+)(?: \\S+){0,3} (?:eraf|eruit|hiervan|af|uit)|(?:mij|me|ons) (?:er ?af|er ?uit|hieruit|hiervan af) (?:te )?(?:halen|gooien|schrappen)',
        '(?:vergeet|verlies|wis|schrap)(?: \\S+)? (?:dit|mijn|ons) (?:\\S+ )?(?:adres|e-?mail\\S*|mail\\S*|contact)',
        '(?:laat|laten)(?: \\S+)? (?:mij|me|ons)(?: \\S+){0,2} met rust|(?:deze|die|jullie|uw) (?:\\S+ )?(?:mails?|e-?mails?|mailtjes|berichten)(?: \\S+){0,2} (?:niet meer|liever niet|nooit meer)',
        '^(?:verwijderen|uitschrijven|afmelden|eraf|stoppen)(?: aub| svp| alsjeblieft| graag| bedankt)*$',
        '(?:gelieve|graag|verzoek\\w*|wil\\w*|kun\\w*)(?: \\S+){0,4} (?:mijn|ons|onze|dit|mij|me) (?:\\S+ ){0,3}(?:te )?(?:verwijder\\w*|schrappen|wissen|uitschrijven|blokkeren)|(?:zet|plaats|neem) (?:mij|me|ons|dit adres|mijn \\S+)(?: \\S+){0,3} (?:do-?not-?contact\\S*|blacklist|zwarte lijst|blokkeerlijst|bel-me-niet\\S*|uitsluit\\S*)',
        `(?:hou|houd|houden|stop|kap|schei)(?: \\S+){0,2} (?:op|mee|met|uit)(?: met)?(?: (?:dat|die|deze|al|dit|het|jullie|uw))* (?:${mails}|mailen|sturen|schrijven|spammen|lastigvallen)`,
        `(?:wil|willen|wens|wensen|hoef|hoeven|heb liever|ontvang liever|liever)(?: \\S+){0,3} (?:niet|geen)(?: \\S+){0,3} (?:benaderd|gemaild|gecontacteerd|lastig|ontvangen|krijgen|${mails})`,
        `(?:stellen|stel|stelt)(?: \\S+){0,6} (?:niet|geen)(?: \\S+)? (?:op )?prijs|(?:ongevraagde|ongewenste|commerciele) (?:\\S+ )?${mails}(?: \\S+){0,5} (?:niet|geen|verboden|illegaal)|niet gediend van`,
        `(?:adres|mailbox|postbus|e-?mailadres|mailadres)(?: \\S+)? (?:is|dient)(?: \\S+){0,2} (?:alleen|uitsluitend|enkel|bedoeld|gereserveerd)(?: \\S+){0,8} (?:geen|niet|reclame)|niet meer (?:sturen|mailen|schrijven)(?: dus| aub| graag| meer)*$`,
        `(?:nog|als|indien|volgende|bij|weer)(?: \\S+){0,6} (?:mail\\w*|e-?mail\\w*|bericht\\w*|schrijf\\w*|stuur\\w*|contact\\w*|keer)(?: \\S+){0,7} (?:klacht|acm|advocaat|aangifte|blokkeer\\w*|spam|meld|melding|autoriteit\\w*|juridisch\\S*)`,
        'nooit (?:\\S+ )?(?:toestemming|om gevraagd|aangemeld|ingeschreven)|geen toestemming',
      ],
    },
  ],
};

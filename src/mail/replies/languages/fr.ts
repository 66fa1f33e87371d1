import { frenchHints } from './fr-hints.ts';
import { frenchRefusals } from './fr-refusals.ts';
import type { LanguageRules } from './rules.ts';

const day =
  "(?:aujourd'hui|demain|apres-demain|lundi|mardi|mercredi|jeudi|vendredi|la semaine prochaine|semaine prochaine|cette semaine)";
const time =
  '(?:\\d{1,2} ?h(?: ?\\d\\d)?|\\d{1,2}:\\d\\d|\\d{1,2} heures|midi|le matin|matin|apres-midi|en fin de journee)';
const thing =
  '(?:infos?|informations?|renseignements?|documentation|docs?|documents?|brochures?|plaquettes?|presentation|devis|tarifs?|grille tarifaire|prix|proposition|offre|catalogue|demo|exemples?|details?|elements?|precisions?|references?|lien|fiche|etude de cas|essai)';
const call =
  '(?:appel|rdv|rendez-vous|rendez vous|echange|visio|visioconference|call|reunion|entretien|point|demo|demonstration|telephonique|au telephone|par telephone|teams|zoom)';

export const french: LanguageRules = {
  language: 'fr',
  words:
    "lundi mardi mercredi jeudi vendredi le la les des du de et est sont pas ne nous vous je votre vos notre nos pour avec sur dans que qui une un merci bonjour ce cette au aux mon ma mes en par plus etes suis avez avons bien oui non si svp s'il j'ai c'est n'est d'un qu'il ou quel quelle quels etre cordialement message mail",
  negators: "ne|n'\\S*|pas|aucun|aucune|jamais|sans|ni|non|n'",
  negatorsAfter: 'pas|aucunement|guere',
  contrast: 'mais|cependant|toutefois|pourtant|neanmoins|car|parce que|sinon|donc|en revanche|par contre',
  doubt: 'pas sur (?:que|si)|sais pas si|demande si|si (?:vous|tu|cela vous|ca vous)|au cas ou|des que',
  forNow:
    "pour le moment|pour l'instant|actuellement|en ce moment|a ce jour|cette annee|dans l'immediat|a l'heure actuelle|a ce stade|pour l'heure|aujourd'hui|a present",
  formerly: "au depart|au debut|initialement|jusqu'ici|jusqu'a present|auparavant|d'abord",
  urgent: 'urgence|urgences|urgent|urgente|en mon absence|durant mon absence|pendant mon absence',
  asks: "est-ce|qu'est-ce|quel|quelle|quels|quelles|comment|ou|quand|combien|pourquoi|qui|avez-vous|pouvez-vous|peut-on|proposez-vous|etes-vous|faites-vous|y a-t-il|d'ou",
  occasions: {
    places: 'formation|seminaire|salon|congres|conference',
    present: 'suis|serai|sera|sommes|serons|est|etant|actuellement|jusqu\\S*|cette semaine|toute|^(?:en|a|au)',
    meets:
      'bientot|(?:se|nous|vous) (?:voit|voir|verra|verrons|voyons|retrouve\\w*|rencontr\\w+|revoir)|rencontrer|plaisir|rendez-vous|visitez|venez|stand',
  },
  plans: {
    when: '(?:vais|allons|va)(?: \\S+){0,2} (?:lire|regarder|examiner|etudier|discuter|verifier|revenir)|lis|lirai|lirons|lisons|regarde|regarderai|regarderons|regardons|examiner(?:ai|ons)|etudier(?:ai|ons)|verifier(?:ai|ons)|discuterons|reviens|reviendrai|reviendrons|revenons|repondrai|repondrons',
    unless:
      'appel\\w*|telephon\\w*|rdv|rendez-vous|visio\\w*|reunion|entretien|echang\\w+|parler|creneau\\w*|dispo\\w*|libre|agenda|convien\\w*|avec vous|ensemble|invitation|demo|rencontr\\w+|zoom|teams',
  },
  back: '(?:de )?retour(?: au bureau| parmi vous| le| a partir du| a compter du| des le)*|reviens|reviendrai|rentre|rentrerai|reprends|reprendrai|a partir (?:du|de)|a compter (?:du|de)|des (?:le|lundi|mardi|mercredi|jeudi|vendredi)|de nouveau (?:disponible|joignable|present|presente)(?: le| a partir du| des le)?|reouvr\\S+|ouvr\\S+|repondrai|repondrons|repondra|recontacterai|traiterai|lirai|reprise',
  until: "jusqu'au|jusqu'a|jusqu'en|au|-|–|—|jusque",
  inclusive: 'inclus|incluse|compris|y compris|-|–|—',
  untilIsInclusive: true,
  months: [
    'janv(?:ier)?\\.?',
    'fev(?:rier)?\\.?',
    'mars',
    'avr(?:il)?\\.?',
    'mai',
    'juin',
    'juil(?:let)?\\.?',
    'aout',
    'sept(?:embre)?\\.?',
    'oct(?:obre)?\\.?',
    'nov(?:embre)?\\.?',
    'dec(?:embre)?\\.?',
  ],
  weekdays: ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'],
  tomorrow: 'demain',
  afterTomorrow: 'apres-demain',
  nextWeek: 'la semaine prochaine|semaine prochaine',
  next: 'prochain|prochaine',
  rules: [
    ...frenchRefusals,
    ...frenchHints,
    {
      class: 'left_company',
      fixed: true,
      when: [
        "(?:ne|n')(?: ?\\S+){0,3} (?:travaille|travaillent|fais|fait|font|suis|est|sont|occupe|faisons|exerce) plus(?: \\S+){0,2} (?:chez|dans|partie|pour|ici|a|au|en poste|l'|la|notre|parmi|de l'effectif|salarie\\w*|employe\\w*)|n'est plus (?:\\S+ ){0,3}?(?:dans|chez|ici|en poste|parmi|des notres|l'effectif|salarie\\w*|employe\\w*|la|avec nous)|plus (?:dans les effectifs|partie)",
        "n'existe plus (?:dans|chez|au|a|en|parmi)|(?:a|ai|ont|avoir|avait|vient de|viens de|va|vais) (?:recemment |definitivement )?(?:quitte|quitter)(?: \\S+){0,2} ?(?:l'entreprise|la societe|la compagnie|ses fonctions|mes fonctions|son poste|mon poste|notre|l'organisation|le groupe|l'equipe|la boite|nous)",
        "(?:parti|partie|part|pars|partir) (?:a|en) (?:la )?retraite|retraite|decede\\w*|a demissionne|ancien(?:ne)? (?:collaborat|collegue|salarie)\\S*|(?:mon|son|ma|sa) (?:successeur|remplacant\\w*|dernier jour)|(?:me|le|la|l'a|m'a|m')(?: ?\\S+)? (?:remplace|remplacee|succede)|a pris (?:la suite|ma suite|sa suite|mes fonctions|ses fonctions)|a pris sa retraite|remplace (?:madame|monsieur|mme|m\\.)",
      ],
      unless: ['en mon absence', 'de remplacement temporaire', 'caisse de retraite'],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        "(?:pas|n'est pas|ne suis pas|suis pas|n'etes pas|plus)(?: \\S+){0,3} (?:la bonne personne|le bon (?:interlocuteur|contact|service|destinataire|correspondant)|la bonne (?:interlocutrice|adresse)|l'interlocut\\w+|(?:la personne )?(?:concernee?|responsable|competente?|en charge|habilitee?|decisionnaire)|charge\\w*|en charge|moi qui|mon (?:domaine|service|role|perimetre|metier|ressort)|de mon (?:ressort|domaine|perimetre)|ma (?:responsabilite|competence|partie)|decideur|decisionnaire)",
        "(?:mauvais(?:e)?|erreur de|trompez? de|trompe de|trompez-vous de) (?:\\S+ )?(?:personne|interlocuteur|interlocutrice|contact|service|adresse|destinataire|numero)|(?:ne (?:m'|me |)occupe|m'occupe)(?: \\S+)? pas|ne gere pas|ce n'est pas moi",
        "(?:contacter|contactez|voir|voyez|adresser|adressez|ecrire|ecrivez|parler|parlez|joindre|joignez|appeler|rapprochez|rapprocher|tourner|tournez|solliciter|solliciter|demander|demandez)(?:-vous|-moi|-en)?(?: \\S+){0,5}? (?:a|avec|aupres|vers|directement|plutot|de|mon|ma|notre|le|la|l')? ?(?:mon (?:collegue|confrere|responsable|associe|directeur)|ma (?:collegue|responsable|directrice)|notre (?:service|direct\\w+|responsable|siege|agence|prestataire|acheteu\\w+|dsi|equipe)|(?:le|la|au|du) (?:service|direct\\w+|responsable|siege|dsi|drh|acheteu\\w+)|monsieur|madame|mme|m\\. |[a-z]+ [a-z]+ \\(|[a-z]+\\.[a-z]+@|[a-z-]+@)",
        "(?:gere|geree?|geres|traite|traitee?|suivi|suivie|pilote|pilotee?|pris en charge|decide|decidee?|vu|assure|assuree?|centralise\\w*)(?: \\S+){0,3} (?:par|au niveau|a|chez|avec) (?:le|la|l'|notre|un|une|mon|ma|monsieur|madame|nos|les|au)(?: ?\\S+)?|(?:c'est|ce sont)(?: \\S+){0,4} qui (?:s'en|gere|s'occupe|decide|traite|pilote|est (?:responsable|en charge))|(?:cela releve|ca releve|releve|depend|s'en charge|s'en occupe|s'occupe)(?: \\S+){0,4} (?:de la|du|mon|ma|notre|le|la|l'|monsieur|madame|mme|qui|au|des)(?: \\S+){0,3} ?(?:qui|service|direct\\w+|collegue|siege|groupe|marketing|achats|dsi|s'en occupe|s'occupe|gere|decide|equipe)?|qui (?:s'en occupe|gere|s'occupe|s'en charge|decide|traite)",
        '(?:transfere|transmis|transmets|fais suivre|transfert|fait suivre|redirige|oriente|mets en copie|met en copie|en copie)(?: \\S+){0,8}(?: a| au|$| mon| ma| la| le)',
      ],
      unless: [
        'en mon absence',
        "si vous n'etes pas",
        '(?:demain|lundi|mardi|mercredi|jeudi|vendredi) (?:matin|a \\d)',
        'contactez-moi',
        'pour toute urgence',
        'qui (?:est|sont) votre',
        'rendez-vous|rdv|creneau',
      ],
    },
    {
      class: 'out_of_office',
      fixed: true,
      when: [
        '(?:suis|serai|sera|serons|sommes|est|actuellement|etant)(?: \\S+){0,4} (?:absent|absente|absents|en (?:conges?|vacances|deplacement|formation|arret|rtt|voyage|seminaire|reunion)|en conge (?:maternite|paternite|parental|maladie)|hors du bureau|indisponible|injoignable|pas (?:au bureau|disponible|joignable)|ferme\\w*|en salon)',
        "absence (?:du bureau|prolongee)|absente? (?:du bureau|jusqu|du \\d|le|cette|actuellement|pour)|^absente?|^en (?:conges?|vacances|deplacement)|conges? (?:annuels?|maternite|paternite|parental|maladie|d'ete|jusqu)|(?:nos bureaux|le bureau|l'entreprise|notre societe)(?: \\S+){0,3} ferme\\w*|(?:de retour|serai de retour|mon retour|a mon retour|reviens le|rentre le)|(?:acces|consulte)(?: \\S+){0,5} (?:limite|mails|messagerie|peu|ponctuel\\w*)",
      ],
      unless: [
        'madame|monsieur \\S+ a quitte',
        'apres (?:mes|les|vos) (?:conges|vacances)',
        "retour (?:de votre|sur|d'experience)",
      ],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        '(?:reponse|message|mail|courriel|e-mail|accuse de reception)(?: \\S+)? automatiques?|(?:genere|envoye)\\w* automatiquement|accuse de reception|automatiquement',
        '(?:avons|a|ont|ai) (?:bien )?(?:recu|enregistre|pris en compte|transmis)(?: \\S+)? (?:votre|la)|votre (?:\\w+ )?(?:demande|message|mail|e-mail|courriel|requete|candidature|ticket)(?: \\S+){0,3} (?:a|est|sera|a ete|a bien)(?: \\S+){0,4} (?:recue?|enregistree?|pris\\w*|traitee?|transmise?|cree\\w*|attribue\\w*)|(?:ticket|dossier|reference|demande)(?: \\S+)? (?:n°|numero|no|#|sous)|sous (?:la reference|le numero)',
        "(?:reviendrons|repondrons|recontacterons|vous repondra|traiterons|reviendra|reviendrons vers|reprendrons contact)(?: \\S+){0,5} (?:delais|plus vite|rapidement|bref delai|sous|heures|ouvrees?|plus tot|brefs|prochainement|possible)|ne pas (?:y )?repondre|n'est pas (?:lue?|consulte\\w*|surveille\\w*|relevee?)",
      ],
      unless: ["j'ai bien recu"],
    },
    {
      class: 'interested',
      negated: 'not_interested',
      when: [
        "interesse\\w*|interessant\\w*|interesser|interesserait|interet|curieux|curieuse|intrigue\\w*|pertinent\\w*|seduit\\w*|convaincu\\w*|seduisant\\w*|prometteur\\w*|bienvenu\\w*|tombez? (?:bien|a pic)|utile|m'intrigue|(?:nous|me) parle\\b",
        "besoin|(?:correspond|convient)(?: \\S+)? (?:a|a nos|a notre)|(?:cherchons|cherche|recherchons|recherche|sommes a la recherche|sommes en recherche)|(?:en savoir|savoir) (?:un peu )?(?:plus|davantage)|(?:semble|parait|a l'air) (?:\\S+ )?(?:bien|interessant|utile|pertinent|super|prometteur|top|bon)|(?:voulons|veux|aimerais|aimerions|souhaite|souhaitons|souhaiterais|souhaiterions|voudrais|voudrions) (?:\\S+ )?(?:en savoir|connaitre|decouvrir|tester|essayer|recevoir|obtenir|voir|avoir)",
      ],
      unless: [
        'votre interet',
        'avocat',
        '(?:etes-vous|vous etes|vous seriez|seriez-vous) interesse',
        'conflit d',
        'mon interet',
        'pas besoin de (?:vous|me)',
        "recevoir (?:plus|d'autres|vos)",
      ],
    },
    {
      class: 'interested',
      when: [
        `(?:envoyez|envoyer|envoie|envoyez-moi|envoyez-nous|transmettre|transmettez|partager|partagez|faire parvenir|faites-moi parvenir|faites parvenir|adresser|adressez|donnez|communiquer|communiquez|recevoir|avoir|obtenir)(?:-moi|-nous)?(?: \\S+){0,6} ${thing}`,
        "(?:dites|dis)(?:-| )(?:m'en|nous en|moi|moi en) (?:\\S+ )?plus|(?:plus d'|davantage d')(?:infos?|informations?|elements|details)|prochaines etapes|^(?:oui|volontiers|avec plaisir),? (?!mais)|^(?:oui|d'accord|volontiers|avec plaisir|pourquoi pas|bien sur|tout a fait|allons-y|parfait|oui volontiers|oui avec plaisir)(?: (?:merci|volontiers|avec plaisir|allons-y|bien sur|je veux bien|pourquoi pas))*$|je veux bien|volontiers|pourquoi pas|on peut demarrer|comment (?:demarrer|commencer|souscrire|proceder)|avec plaisir",
      ],
      unless: ['en copie', 'ne plus'],
    },
    {
      class: 'left_company',
      fixed: true,
      when: [
        "(?:nous|l'entreprise|la societe|l'equipe|le groupe) a(?:vait)? quittes?|a quittes? (?:nous|l'|la|notre|le)|(?:n'est|ne suis|n'etes) plus (?:en poste|en fonction|salarie\\w*|employe\\w*|parmi|joignable a cette adresse|dans)|(?:change|changer) (?:d'entreprise|de societe|d'employeur|de poste|de boite|de travail)|(?:rejoint|rejoindre) (?:une autre|un autre)|autre (?:poste|employeur|entreprise|societe) (?:depuis|en|ailleurs|$)|n'existe plus|depart de (?:l'entreprise|la societe|mon|notre)|dernier jour|a ete licencie\\w*|demissionn\\w+|remplacee? par|lui succede|nouveau (?:poste|travail|job|employeur)",
      ],
      unless: ['en mon absence'],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        "(?:il faut|faudrait|faut|il faudra|devez|devriez|pouvez|mieux vaut|a voir|voyez|voir|parlez)(?: \\S+){0,3} (?:voir|contacter|joindre|ecrire|parler|demander|adresser|passer|solliciter|avec)?(?: cela| ca| en)? ?(?:avec|a|aupres|par|directement) (?!(?:moi|nous)\\b)(?:mon|ma|notre|nos|le|la|l'|monsieur|madame|mme|m\\.|un|une|[a-z]+@)\\S*(?: \\S+)?|(?:ne )?suis (?:que|qu'un|qu'une|seulement|simplement|juste)(?: \\S+){1,3}|(?:ecrivez|contactez|appelez|demandez|joignez|sollicitez)(?: (?:plutot|directement|donc))* (?:a |au |aux )?(?:mon|ma|notre|nos|monsieur|madame|mme|m\\.|le|la)(?: \\S+){0,3}|(?:pas|plus) (?:moi|decisionnaire|habilite\\w*|concerne\\w*|mon role|mes attributions|de ma competence|dans mes (?:attributions|missions))|change de service|(?:c'est|ce sera|ce serait) (?:plutot )?(?:du ressort|l'affaire|le domaine|la responsabilite|a) (?:de |du |des |la |le |l')?\\S+|decision (?:prise|se prend|revient|appartient)(?: \\S+){1,4}|bon interlocuteur (?:est|serait)|la bonne personne (?:est|serait)",
      ],
      unless: [
        'rendez-vous|rdv|creneau',
        'en mon absence|urgence',
        'qui (?:est|sont|serait)',
        'juste (?:une question|curieux|pour)',
        'je suis (?:juste|seulement) (?:curieu|interess)',
        '(?:lundi|mardi|mercredi|jeudi|vendredi|demain)',
      ],
    },
    {
      class: 'interested',
      negated: 'not_interested',
      when: [
        "tombe (?:bien|a pic)|(?:on|nous) (?:cherche|cherchait|cherchions|cherchons)|c'est (?:exactement|justement|precisement) ce (?:qu'on|que nous|qu'il|dont)|(?:combien|quel (?:prix|tarif|cout))(?: \\S+)? pour \\d+|avez-vous (?:un|une|des) (?:pdf|plaquette|brochure|presentation|documentation|catalogue|video|grille|fiche)|(?:mon|notre) (?:equipe|patron|chef|directeur|directrice|responsable)(?: \\S+){0,3} (?:interess\\w+|veut|aimerait|souhaite|demande)|(?:mettez|mets|inscrivez|ajoutez)(?:-moi|-nous)(?: \\S+){0,4} (?:test|essai|beta|liste d'attente)|(?:pret|prets|prete) a (?:tester|essayer|commencer|signer)|un devis pour|(?:montrez|montre)-(?:moi|nous)",
      ],
      unless: ['avocat', 'desabonn|retirer|supprim'],
    },
    {
      class: 'out_of_office',
      fixed: true,
      when: [
        'en (?:vacances|conges?) (?:du|jusqu|a partir)|^de retour|du \\d{1,2}(?: \\S+)? au \\d{1,2}|(?:reponse|delai)(?: \\S+){0,4} (?:retard\\w*|plus longs?)|en formation|pas au bureau|je serai (?:absent|absente|indisponible|en)',
      ],
      unless: ['(?:disponible|libre|ouvert)s? du'],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        "(?:conseiller|equipe|collaborateur|service|agent|interlocuteur|technicien|expert)s?(?: \\S+){0,3} (?:vous )?(?:contactera|repondra|recontactera|reviendra|reviendront|repondront|traitera|prendra contact|recontacteront)|accusons (?:bonne )?reception|horaires d'ouverture|heures d'ouverture|ouvres|a bien ete (?:recu|enregistre|pris)\\w*",
      ],
      unless: ['pas interess|ne nous interesse|je '],
    },
    {
      class: 'interested',
      negated: 'not_interested',
      when: [
        '(?:peut|pourrait|peuvent|devrait)(?: \\S+){0,2} (?:convenir|servir|interesser|aider|etre utile|nous etre|marcher|fonctionner|coller)(?: \\S+)? ?(?:a|pour|nos|notre|nous)?|(?:suis|sommes|reste|restons) (?:\\S+ )?ouverte?s? (?:a|au|aux)|de quoi avez-vous besoin|(?:tarif|prix|formule) (?:minimum|de base|pour \\d)|je (?:suis )?preneu\\w+|on (?:y va|essaie|teste|se lance)|(?:creer|creez|ouvrir|ouvrez)(?:-moi|-nous)?(?: \\S+){0,2} (?:compte|acces)',
      ],
      unless: ['ouvert(?:e|s)? (?:du|le|de)', 'avocat'],
    },
    {
      class: 'interested',
      fixed: true,
      when: [
        '(?:envoyez|envoyer|envoie|montrez|transmettez)(?:-moi|-nous)? (?:tout )?ce que vous avez|(?:comparons|compare|etudions|etudie|evaluons|cherchons|examinons)(?: \\S+){0,2} (?:solutions?|offres?|outils?|prestataires?|options?|alternatives?)',
      ],
      unless: ['ne |plus de'],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        'ne depend pas de moi|pas de mon ressort|(?:voyez|demandez|parlez-en) (?:avec|a) (?:notre|mon|ma|le|la)(?: \\S+)?',
      ],
      unless: ['urgence|absence|rendez-vous|rdv'],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        '(?:demande|message|mail|courriel|requete)(?: \\S+){0,3} (?:transmise?|arrivee?|enregistree?|recue?)(?: \\S+){0,4}|reference ?:? ?\\S{0,4}\\d{2,}',
      ],
      unless: ["j'ai|je "],
    },
    {
      class: 'meeting_request',
      fixed: true,
      when: [
        '(?:pourrais|pourrions|peux|puis-je|peut-on)(?: \\S+){0,2} (?:lundi|mardi|mercredi|jeudi|vendredi|demain)|entre \\d{1,2} ?h(?: \\S+)? et \\d',
      ],
      unless: ['absent|conges|ouvert'],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        'ne decide (?:de )?(?:rien|pas)|(?:prestataire|consultant|stagiaire|alternant|interimaire|salarie)\\w*(?: \\S+)? externe|suis (?:\\S+ )?(?:stagiaire|prestataire|externe|alternante?|interimaire)|(?:adressez|adresser|envoyez|ecrivez|contactez|tournez)(?:-vous|-le|-les|-la)?(?: \\S+){0,3} \\S+@\\S+',
      ],
      unless: ['urgence|en mon absence', 'envoyez(?:-moi|-nous)? (?:l|d|un|une|votre|vos|plus)'],
    },
    {
      class: 'left_company',
      fixed: true,
      when: [
        "(?:n'est|ne suis|n'etes) plus (?:la|ici|present\\w*|avec nous)|(?:boite|adresse|messagerie|compte)(?: \\S+){0,4} (?:fermee?|desactivee?|supprimee?|cloturee?)",
      ],
      unless: ['conges|absent'],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        "(?:grand|fort|important)(?: nombre| volume| afflux)? (?:de|d') ?(?:demandes|messages|mails|sollicitations|appels)|delais? (?:de reponse|de traitement)|(?:merci|remercions)(?: \\S+){0,3} (?:patience|patienter)|ne pas repondre",
      ],
    },
    {
      class: 'meeting_request',
      fixed: true,
      when: [
        '(?:joignez|joindre|appelez|rappelez|contactez)(?:-moi|-nous)(?: \\S+){0,6} (?:\\d\\d ?\\d\\d|lundi|mardi|mercredi|jeudi|vendredi|demain|matin|apres-midi)|(?:se |on )(?:cale|caler|voit|parle|appelle|telephone)(?: \\S+){0,5} (?:lundi|mardi|mercredi|jeudi|vendredi|demain|semaine|point|rdv|rendez-vous)|(?:passez|venez|passer)(?: \\S+){0,2} (?:nous voir|me voir|au bureau|dans nos locaux)|plutot par telephone|(?:decaler|reporter|deplacer)(?: \\S+){0,3} (?:rdv|rendez-vous|reunion|appel|a|au)|de vive voix|quand (?:etes-vous|seriez-vous|pouvez-vous|pouvons-nous|peut-on)',
      ],
      unless: ['absent|conges|urgence|retour'],
    },
    {
      class: 'meeting_request',

      when: [
        `(?:appelez|appeler|rappelez|rappeler|joindre|joignable|telephoner|telephonez|appelle|rappelle)(?:-moi|-nous|-m'en)?(?: \\S+){0,6} (?:${day}|${time}|au \\d|au 0|entre|sur mon|avant|apres|au \\+)|(?:appelez|rappelez|telephonez)-(?:moi|nous)|(?:pouvez-vous|pourriez-vous|vous pouvez|tu peux) (?:m'|me |nous )?(?:appeler|rappeler|joindre|telephoner)`,
        `(?:faire|fixer|caler|planifier|organiser|prevoir|convenir|prendre|proposer|proposez|avoir|discuter|ok pour|d'accord pour|propose|disponible pour|partant pour|echanger|parler|en parler|se parler|se voir|voir|bloquer|reserver|rencontrer|dispo pour|programmer|fixons|calons|pour)(?: \\S+){0,5} (?:${call}|${day}|${time}|creneau\\w*)`,
        `(?:${day}|${time})(?: \\S+){0,6} (?:convient|convient-il|convient-elle|irait|conviendrait|va|me va|possible|disponible|dispo|parfait|ok|libre|convient t|vous va|vous irait|me convient|nous convient|ca marche)|(?:disponible|dispo|libre|disponibles|disponibilites?|creneaux?)(?: \\S+){0,6} (?:${day}|${time}|pour|proposer|proposez|me|quand)|(?:quelles|vos|mes|tes) (?:sont vos )?(?:disponibilites|creneaux|dispos)|(?:quand|quel jour|quelle heure)(?: \\S+){0,4} (?:disponible|dispo|parler|echanger|appeler|vous appeler|rencontrer)|(?:envoyez|envoyer|envoie|proposez|proposer)(?:-moi|-nous)?(?: \\S+){0,3} (?:invitation|l'invitation|creneaux?|dates?|horaires?|rdv|rendez-vous|lien)|(?:lien|voici mon|mon) (?:\\S+ )?(?:agenda|calendrier|calendly)`,
      ],
      unless: ['absent', 'conges', 'de retour', 'service \\w+ (?:gere|decide)', 'aucun rendez'],
    },
  ],
};

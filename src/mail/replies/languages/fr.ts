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
  back: '(?:de )?retour(?: au bureau| parmi vous| le| a partir du| a compter du| des le)*|reviens|reviendrai|rentre|rentrerai|reprends|reprendrai|a partir (?:du|de)|a compter (?:du|de)|des (?:le|lundi|mardi|mercredi|jeudi|vendredi)|de nouveau (?:disponible|joignable|present|presente)(?: le| a partir du| des le)?|reouvr\\S+|ouvr\\S+',
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
  nextWeek: 'la semaine prochaine|semaine prochaine',
  next: 'prochain|prochaine',
  rules: [
    {
      class: 'unsubscribe_request',
      fixed: true,
      when: [
        "^(?:merci de |veuillez |stp |svp )?(?:desabonner|desabonnement|desinscription|desinscrire|me desabonner|me desinscrire|stop|stop mails?|stop pub|stop sms|stop emails?|retirez-moi|retirer|supprimer|unsubscribe|desabonnez-moi|desinscrivez-moi|arretez|assez|stop ca)(?: (?:svp|s'il vous plait|merci|stp|immediatement|mails?|les mails))*$",
        "(?:ne (?:plus|pas)|de ne plus|n'(?:avoir|etre) plus|plus jamais)(?: \\S+){0,3} (?:contacter|ecrire|solliciter|recevoir|envoyer|relancer|importuner|demarcher|deranger|recontacter|contacte|contactee|sollicite|sollicitee|adresser|mailer|etre)",
        "ne (?:me|nous|m'|m) ?(?:contactez|ecrivez|envoyez|sollicitez|relancez|recontactez|derangez|demarchez)(?: \\S+)? (?:plus|pas)|ne m'(?:ecrivez|envoyez) (?:plus|pas)|(?:plus|aucun|aucune|pas d'autres?|plus de|plus aucun)(?: \\S+)? (?:mails?|e-?mails?|courriels?|messages?|sollicitations?|prospection|relances?|publicites?|newsletters?)(?! (?:professionnel|n'))",
        "(?:cessez|arretez|arreter|stoppez|cesser|stop)(?: \\S+){0,2} (?:de m'|de nous|de me|d'envoyer|de m'envoyer|vos|ces|cet|tout|les|l'envoi|envois|de relancer|de contacter|de spammer|aux|mails?|le spam)",
        "(?:souhaite|veux|desire|souhaitons|voulons)(?: \\S+)? (?:plus|pas)(?: \\S+){0,2} (?:recevoir|etre contacte\\w*|etre sollicite\\w*|de (?:vos|mails|messages)|etre demarche\\w*)|opposition|m'oppose|rgpd|droit a l'(?:oubli|effacement)|desinscri\\w+|desabonn\\w+",
      ],
      unless: [
        'avant (?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|la rentree)',
        '(?:peuvent|peut-on|vos clients|les contacts|destinataires)',
        'desinscri\\w+ (?:automatique|des contacts)',
        'conforme|conformite',
      ],
    },
    {
      class: 'unsubscribe_request',
      when: [
        "(?:retirer|retirez|supprimer|supprimez|enlever|enlevez|effacer|effacez|rayer|rayez|oter|otez|sortir|sortez|radier|desinscrire|desabonner)(?:-| )?(?:me|moi|nous|mon|ma|mes|notre|nos|cette|l'|de)?(?: \\S+){0,6}? (?:liste|listes|base|bases|fichier|fichiers|diffusion|mailing|adresse|email|e-mail|mail|donnees|coordonnees|contacts?|newsletter|envois|crm)",
        "(?:me|m'|nous|moi) ?(?:retirer|supprimer|desinscrire|desabonner|enlever|rayer|effacer|sortir|radier|oter)|(?:retirez|supprimez|enlevez|rayez|effacez|sortez|desabonnez|desinscrivez|otez)-(?:moi|nous)|(?:laissez|laisse)(?:-| )(?:moi|nous) tranquille",
      ],
      unless: ['(?:peut-on|peut il|pouvons-nous|vos clients)'],
    },
    {
      class: 'hostile',
      when: [
        'foutez|foutre|foutez-moi|allez vous faire|allez-vous faire|va te faire|allez au diable|merde|merdique|connard\\w*|gros con|pauvre con|conneries?|salaud\\w*|arnaque\\w*|escrocs?|escroquerie|voleurs?|honte|honteux|scandaleux|inadmissible|harcelement|harceler|harcelez|ras le bol|ras-le-bol|marre|degagez|imbeciles?|cretins?|abrutis?|pourriture|charlatans?|minables?|degoutant|foutaises?|culotte|quel culot|fichez-moi la paix|la paix',
        '(?:porter|porte|deposer|depose|portons) plainte|(?:mon|notre|nos|mes) avocats?(?! (?:cabinet))|poursuites|en justice|tribunal|signaler? (?:a la |aupres de la )?cnil|cnil|(?:vais|allons) (?:vous )?signaler',
      ],
      unless: ['cabinet', 'pas de honte', 'contrat'],
    },
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
        "(?:gere|geree?|geres|traite|traitee?|suivi|suivie|pilote|pilotee?|pris en charge|decide|decidee?|vu|assure|assuree?|centralise\\w*)(?: \\S+){0,3} (?:par|au niveau|a|chez|avec) (?:le|la|l'|notre|un|une|mon|ma|monsieur|madame|nos|les|au)(?: ?\\S+)?|(?:c'est|ce sont|cela releve|ca releve|releve|depend|s'en charge|s'en occupe|s'occupe)(?: \\S+){0,4} (?:de la|du|mon|ma|notre|le|la|l'|monsieur|madame|mme|qui|au|des)(?: \\S+){0,3} ?(?:qui|service|direct\\w+|collegue|siege|groupe|marketing|achats|dsi|s'en occupe|s'occupe|gere|decide|equipe)?|qui (?:s'en occupe|gere|s'occupe|s'en charge|decide|traite)",
        '(?:transfere|transmis|transmets|fais suivre|transfert|fait suivre|redirige|oriente|mets en copie|met en copie|en copie)(?: \\S+){0,8}(?: a| au|$| mon| ma| la| le)',
      ],
      unless: [
        'en mon absence',
        "si vous n'etes pas",
        '(?:demain|lundi|mardi|mercredi|jeudi|vendredi) (?:matin|a \\d)',
        'contactez-moi',
        'pour toute urgence',
        'qui (?:est|sont) votre',
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
      class: 'not_now',
      fixed: true,
      when: [
        "(?:pas|plus) (?:le bon|le|un bon) (?:moment|timing)|mauvais (?:moment|timing)|pas (?:maintenant|pour (?:le moment|l'instant)|en ce moment|cette annee|dans l'immediat|tout de suite|avant|d'actualite|prioritaire|une priorite|a l'ordre du jour|encore)|pour (?:le moment|l'instant),? (?:non|pas|nous|ce n'est|on)|(?:moment|l'instant|actuellement|cette annee)(?: \\S+){0,5} (?:pas|aucun|d'autres priorites|non)",
        "(?:revenez|recontactez|recontacter|rappelez|reparlons|reparler|relancez|reprenons|reprenez|revoir|revoyons|ecrivez|contactez|refaire un point|revenir|reecrivez|sollicitez|reprendre)(?:-|\\s)?(?:moi|nous|en|y|contact)?(?: \\S+){0,6} (?:rentree|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|printemps|automne|ete|hiver|prochain|prochaine|plus tard|mois|semaines|trimestre|l'annee|apres|fin|debut|t[1-4]|q[1-4]|semestre|20\\d\\d)",
        "(?:budget|budgets)(?: \\S+){0,5} (?:boucle\\w*|gele\\w*|epuise\\w*|clos|consomme\\w*|cette annee|bloque\\w*|valide\\w*|ferme\\w*)|(?:gel|plus de|pas de|aucun) (?:du |des |nos )?(?:budgets?|depenses|investissements)|plus tard|l'(?:annee|an) prochain\\w*|au (?:prochain|deuxieme|second|premier|troisieme|quatrieme) (?:trimestre|semestre)|a la rentree|(?:sous contrat|engages?|contrat)(?: \\S+){0,5} (?:jusqu|echeance|prend fin|court)|d'autres priorites|projet (?:en pause|reporte|suspendu|gele)|apres (?:l'ete|les vacances|les fetes|la rentree)",
      ],
      unless: ['absent', 'en conges'],
    },
    {
      class: 'interested',
      negated: 'not_interested',
      when: [
        "interesse\\w*|interessant\\w*|interesser|interesserait|interet|curieux|curieuse|intrigue\\w*|pertinent\\w*|seduit\\w*|convaincu\\w*|seduisant\\w*|prometteur\\w*|bienvenu\\w*|tombez? (?:bien|a pic)|utile|m'intrigue|parle\\b",
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
      class: 'not_interested',
      fixed: true,
      when: [
        "non,? merci|merci,? (?:mais )?non|^non$|sans facon|sans suite|pas donner suite|ne (?:donnerons|donnerai|souhaitons|souhaite) pas(?! (?:etre|recevoir)| (?:\\S+ )?(?:appel))|pas (?:besoin|interesse\\w*|convaincu\\w*|pour (?:nous|moi)|notre|d'interet|d'utilite|adapte\\w*|concerne\\w*|le besoin|l'utilite|de besoin|utile|preneu\\w+|client\\w*)|(?:ne|n')(?: ?\\S+){0,4} (?:avons|ai|a|voyons|vois|correspond|convient|interesse|cherchons|recherchons|souhaitons)(?: \\S+)? (?:pas|aucun|aucune|plus)(?: \\S+){0,3} (?:besoin|interet|utilite|utilisation|projet|nos|notre|pertinen\\w+|changer|besoins|l'interet|suite|a nos)",
        'aucun (?:besoin|interet|projet)|aucune (?:utilite|necessite)|(?:nous )?(?:declinons|decline|refusons|refuse)|decide de ne pas|opte pour (?:un autre|une autre|autre)|choisi (?:un autre|une autre|autre)|trop cher|trop chere|bonne continuation',
      ],
      unless: ['non seulement', 'pas de probleme', 'pas de souci', '(?:avez-vous|est-ce que vous) deja', 'pas encore'],
    },
    {
      class: 'not_interested',
      fixed: true,
      weak: true,
      when: [
        "(?:deja|sommes deja)(?: \\S+){0,4} (?:un|une|prestataire|fournisseur|solution|outil|partenaire|equipe\\w*|agence|accompagne\\w*|servis?|ce qu'il|contrat|travaillons|avec)|(?:travaillons|avons) deja|en interne|(?:satisfaits?|contents?|satisfaite) (?:de|avec)",
      ],
      unless: ['(?:avez-vous|est-ce que vous) deja', 'pas (?:satisfait|content)'],
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

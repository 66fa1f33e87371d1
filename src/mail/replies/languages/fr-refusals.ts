import type { Rule } from './rules.ts';

/** How French says no: never again, rudely, later, or not at all. */
export const frenchRefusals: readonly Rule[] = [
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      "^(?:merci de |veuillez |stp |svp )?(?:desabonner|desabonnement|desinscription|desinscrire|me desabonner|me desinscrire|stop|stop mails?|stop pub|stop sms|stop emails?|retirez-moi|retirer|supprimer|unsubscribe|desabonnez-moi|desinscrivez-moi|arretez|assez|stop ca)(?: (?:svp|s'il vous plait|merci|stp|immediatement|mails?|les mails))*$",
      "(?:ne (?:plus|pas)|de ne plus|n'(?:avoir|etre) plus|plus jamais)(?: \\S+){0,3} (?:contacter|ecrire|solliciter|recevoir|envoyer|relancer|importuner|demarcher|deranger|recontacter|contacte|contactee|sollicite|sollicitee|adresser|mailer|etre)",
      "ne (?:me|nous|m'|m) ?(?:contactez|ecrivez|envoyez|sollicitez|relancez|recontactez|derangez|demarchez)(?: \\S+)? (?:plus|pas)|ne m'(?:ecrivez|envoyez) (?:plus|pas)|(?:plus|aucun|aucune|pas d'autres?|plus de|plus aucun)(?: \\S+)? (?:mails?|e-?mails?|courriels?|messages?|sollicitations?|prospection|relances?|publicites?|newsletters?)(?! (?:professionnel|n'))",
      "(?:cessez|arretez|arreter|stoppez|cesser|stop)(?: \\S+){0,2} (?:de m'|de nous|de me|d'envoyer|de m'envoyer|(?:vos|ces|cet|tout|les) (?:mails?|e-?mails?|messages?|envois?|courriels?|relances?|demarchages?|spams?|sollicitations?)|l'envoi|envois|de relancer|de contacter|de spammer|aux|mails?|le spam)",
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
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      "(?:plus|stop|assez|fini)(?: (?:de|d'|aux|les|ces|vos))? ?(?:mails?|e-?mails?|courriels?|messages?|relances?|pubs?|spams?|demarchage)|(?:enlevez|enlever|supprimez|retirez|otez|sortez|effacez)(?:-moi|-nous)?(?: \\S+){0,5} (?:envois|mailings?|listes?|fichiers?|base|diffusion|contacts|donnees|coordonnees|adresse)|(?:cesser|cessez|arreter|arretez)(?: \\S+){0,2} (?:demarchage|envois?|sollicitations?|relances?|messages?|mails?|prospection|contact|communications?)|(?:exige|demande|souhaite|reclame|veux)(?: \\S+){0,3} (?:suppression|retrait|effacement|desinscription|radiation|etre retire\\w*|etre desinscrit\\w*|etre supprime\\w*)|laissez-(?:moi|nous)|(?:ne|n')(?: ?\\S+){0,2} (?:jamais|pas) (?:donne|donner|consenti)(?: \\S+){0,3} (?:accord|consentement|autorisation|adresse)|(?:signaler|signale|marquer|marque|classer|classe)(?: \\S+){0,3} (?:comme )?(?:spam|indesirable)|(?:bloque|bloquer|bloquez)(?: \\S+){0,2} (?:adresse|expediteur|vos)|plus (?:etre )?(?:contacte|sollicite|demarche|derange)\\w*",
    ],
    unless: ["plus de (?:messages?|mails?) (?:par|pour|que|d'informations)"],
  },
  {
    class: 'hostile',
    fixed: true,
    when: [
      "charlatans?|bande de|n'etes qu'|ridicule\\w*|lamentable\\w*|minable\\w*|pathetique\\w*|stupide\\w*|idiots?|menteurs?|spammeurs?|casse-?(?:couilles|pieds)|emmerd\\w+|putain|chier|crevez|la ferme|honteux|porte plainte|portons plainte|plainte|mon avocat|notre avocat|insupportables?|degueulasse|foutage|enfoires?",
    ],
    unless: ['cabinet', 'sans plainte'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      "(?:pas|rien|jamais) avant(?: \\S+){1,3}|(?:vient|venons|viens|avons|ai) (?:de |juste |tout juste |recemment )(?:signer|signe|renouveler|renouvele|reconduire|lancer|changer|choisir)(?: \\S+){0,5}|a l'echeance|reparl\\w+|(?:peut-etre|eventuellement)(?: \\S+)? (?:plus tard|l'an|en|l'annee|dans|un jour)|trop (?:tot|occupe\\w*|charge\\w*|de travail)|prematur\\w+|(?:deborde\\w*|sous l'eau|en pleine (?:reorganisation|restructuration|migration|fusion|refonte)|en pleine)|(?:attendre|attendons|en attente)(?: \\S+){0,4} (?:rentree|automne|janvier|budget|septembre|fin)|une autre fois|dans (?:quelques|six|trois|deux|\\d) (?:mois|semaines)|garde(?:rai|rons|ons|z)? (?:votre|vos|le) (?:contact|coordonnees|message)(?: \\S+){0,3}",
    ],
    unless: ['absent|conges|vacances|de retour'],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      "tres peu pour|ne (?:correspond|convient|repond|colle|nous concerne|me concerne|presente|rentre|cadre)(?: \\S+){0,2} (?:pas|plus|guere|aucun)|(?:ca|cela|c'est)(?: \\S+){0,2} pas (?:pour|notre|mon|dans|utile|necessaire|pertinent)|(?:pas|aucune) (?:notre activite|notre metier|d'application)|nous n'en (?:voyons|avons) pas|n'en voyons pas|(?:nous |on )(?:preferons|prefere) (?:rester|garder|continuer|ne pas)|ne sommes pas (?:preneurs?|clients?|acheteurs?|demandeurs?)|sans interet|inutile(?: d'insister)?|pas la peine|ca ira|on s'en passe|ne changerons pas|ne comptons pas|n'envisageons pas|pas de (?:notre|mon) cote",
    ],
    unless: ['pas de (?:probleme|souci)', '(?:lundi|mardi|mercredi|jeudi|vendredi|\\d ?h)'],
  },
  {
    class: 'not_interested',
    fixed: true,
    weak: true,
    when: [
      '(?:gerons|geree?s?|faisons|traitons|gere|fait|faire) (?:cela |ca |tout |deja )?(?:\\S+ )?en interne|bon(?:ne)? (?:courage|chance|continuation)',
    ],
  },
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      "(?:veux|veut|souhaite|voudrais|voulons|souhaitons|aimerais)(?: \\S+)? (?:sortir|quitter|partir|etre (?:retire|supprime|enleve|desabonne)\\w*)(?: \\S+){0,3} ?(?:liste|base|fichier|newsletter|mailing|diffusion)?|(?:pas|aucune|sans|zero) (?:de )?(?:publicites?|pubs?|demarchage|prospection|sollicitations?)(?: (?:svp|merci|s'il))*|ne (?:plus|pas) (?:me |nous )(?:envoyer|ecrire|contacter|solliciter|demarcher)|pas (?:le droit|autorise\\w*)(?: \\S+){0,5} (?:donnees|adresse|contacter|ecrire)",
    ],
    unless: ['pas de publicite dans'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      "(?:relancez|rappelez|recontactez|relancer|recontacter)(?:-moi|-nous)? (?:dans|en|a|apres|d'ici|vers)(?: \\S+){1,3}",
    ],
    unless: ['ne me|ne nous|\\d ?h|demain|lundi|mardi|mercredi|jeudi|vendredi'],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: ['(?:pas|plus) (?:changer|de changement)(?: de \\S+)?|ne changeons pas'],
  },
  {
    class: 'hostile',
    fixed: true,
    when: ["escrocs?|especes? d[e']"],
    unless: ['especes? de (?:poissons|plantes|monnaie)|en espece'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      "(?:revoyons|revoir|reparlons|reparler|voyons|verrons)(?: \\S+){0,3} (?:apres|plus tard|en|a|au|dans)|apres (?:l'ete|les fetes|la rentree|les vacances|noel|paques|le demenagement)|(?:haute|pleine) saison|quand (?:ce|cela|ca|nous)(?: \\S+){0,3} (?:calme|termine|fini|pret)",
    ],
    unless: ['absent|en conges|de retour'],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      "(?:dois|devons|prefere|preferons|vais|allons|me vois|voyons)(?: \\S+){0,3} (?:decliner|refuser|renoncer|passer mon tour)|(?:n'avons|n'ai|n'y a|sans|aucune)(?: \\S+)? (?:utilite|usage|interet|besoin)|(?:restons|reste|gardons) (?:avec|chez|fideles|sur|notre)(?: \\S+){0,3}|(?:avons|ai) (?:choisi|prefere|retenu|opte)(?: \\S+){0,4}|ne nous apporte",
    ],
    unless: ['restons en contact'],
  },
  {
    class: 'hostile',
    fixed: true,
    when: [
      "conneries?|foutaises|n'importe quoi|vous (?:vous )?(?:foutez|moquez)|arretez vos (?:conneries|salades|betises)",
    ],
  },
];

import type { Rule } from './rules.ts';

const unit =
  '(?:le |la |les |notre |nos |un |une )?(?:siege|direction(?: \\S+)?|service (?:\\S+)|maison mere|groupe|achats|agence|comptabilite|informatique|dsi|drh|patron|gerante?|associee?|franchiseur|centrale)';

/** What French speakers say without the words that the other rules look for. */
export const frenchHints: readonly Rule[] = [
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      '(?:desabonn|desinscri)\\w*(?:-moi|-nous)?(?: \\S+){0,4}|(?:retirez|enlevez|supprimez|rayez|effacez|otez|radiez|sortez|retirer|supprimer|enlever|rayer|effacer|radier)(?:-moi|-nous|-la|-les)?(?: \\S+){0,4} (?:listes?|fichiers?|base|bases|adresse|coordonnees|donnees|contacts?|mailing|diffusion|envois|moi)|(?:retirez|enlevez|supprimez|rayez|effacez|radiez|sortez)-(?:moi|nous)',
      "(?:ne|n')(?: ?\\S+){0,4} (?:plus|jamais)(?: \\S+){0,3} (?:recevoir|recoive|contacter?|contactez|ecrire|ecrivez|envoyer|envoyez|solliciter?|sollicitez|demarcher?|etre contactee?s?|etre sollicitee?s?|etre demarchee?s?|mails?|messages?|courriels?|entendre parler|m'ecrire|me contacter|m'envoyer)|(?:ne|n')(?: ?\\S+){0,2}(?:m'|me |nous )?(?:contactez|ecrivez|envoyez|sollicitez|derangez|demarchez|importunez|relancez)(?:-moi)? (?:plus|pas)",
      "(?:plus|pas|aucun|aucune|stop|halte|assez|finis?)(?: (?:de|d'|aux?|a la|les|avec|vos|autres?))*(?: ?\\S+)? ?(?:publicites?|pub|pubs|mails?|e-?mails|messages|courriels|sollicitations?|prospection|newsletters?|demarchage|spams?|relances?)(?: \\S+){0,3}$|(?:arretez|arreter|cessez|cesser|stoppez|stopper)(?: (?:de|d'|vos|ces|cet|cette|tout|toute|immediatement|svp|s'il|merci)\\S*)+(?! (?:conneries|betises|foutaises))(?: ?\\S+){0,4}|(?:m'|nous nous |s')oppos(?:e|ons|er)(?: \\S+){0,8}|(?:droit|demande)(?: \\S+)? (?:d'opposition|a l'oubli|a l'effacement|d'effacement|de suppression)|(?:suppression|effacement)(?: \\S+){0,3} (?:donnees|coordonnees|adresse|compte)|(?:effacez|supprimez|effacer|supprimer|detruire|oubliez|oublier)(?: \\S+){0,4} (?:donnees|coordonnees|adresse|e-?mail|mail|nom|contact)|rgpd(?: \\S+){0,8} (?:supprim\\w+|effac\\w+|oppos\\w+|retir\\w+)|article (?:17|21)\\b|(?:jamais|pas)(?: \\S+)? (?:donne|consenti|demande|autorise|inscrite?|abonnee?|sollicite)(?: \\S+){0,5}|(?:laissez|laisse)-(?:moi|nous) (?:tranquilles?|la paix|en paix)|(?:comment|ou)(?: \\S+){0,4} (?:desabonner|desinscrire|desabonne|desinscrit)|mailing[- ]?list(?: \\S+)?$",
    ],
    unless: [
      '(?:destinataires|clients|contacts|abonnes|prospects|utilisateurs)(?: \\S+)? (?:peuvent|peut|se|ont)',
      '(?:peuvent|peut)(?:-ils|-on)? (?:se )?desabonner',
      "jusqu'(?:a|au|en)|avant (?:la|le|janvier|septembre)",
      "n'arretez pas",
      'pas demande (?:un|de) (?:devis|prix)',
    ],
  },
  {
    class: 'hostile',
    fixed: true,
    when: [
      "(?:bande|tas|ramassis) (?:d'|de )\\S+|(?:vous etes|vous n'etes que|t'es|vous nous|vous me)(?: \\S+){0,3} (?:lourds?|penibles?|nuls?|escrocs?|arnaqueurs?|malades?|insupportables?|la plaie|des (?:escrocs|voleurs|parasites|guignols|clowns|charlatans)|cassez les pieds|gonflez|saoulez|emmerdez|fatiguez)|(?:allez|va|allez donc) (?:vous |te )?(?:faire|au diable|voir ailleurs|crever)|ca suffit|y en a marre|j'en ai (?:marre|assez|ras)|ras le bol|(?:honteux|honte|scandaleux|lamentable|minable|pathetique|degueulasse|inadmissible|abject|foutez|fichez|merde|putain|connard\\w*|cons?|abrutis?|cretins?|imbeciles?|ordures?|escroc\\w*|escroquerie|arnaque\\w*|charlatan\\w*|harcelement|harcelez|degagez|foutaises?)|(?:porter|porte|deposer|depose) plainte|(?:plainte|poursuites|tribunal|cnil|avocat|huissier|signaler|signale)(?: \\S+){0,5}|mettez(?:-vous)?(?: \\S+){0,4} ou je pense|(?:foutez|fichez|lachez)-(?:moi|nous)|conneries",
    ],
    unless: [
      "(?:je suis|cabinet d'|nous sommes) avocats?|pour (?:les )?avocats",
      '(?:sans|pas de) plainte',
      '(?:compatible|conforme|declaration)(?: \\S+){0,3} cnil',
      'me signaler|nous signaler|signaler (?:que|mon|un)',
      'au con',
    ],
  },
  {
    class: 'left_company',
    fixed: true,
    when: [
      "(?:est|suis) (?:desormais |maintenant |depuis )?(?:partie?|parti|a la retraite|retraitee?|decedee?)(?: \\S+){0,6}|(?:a|ai) (?:definitivement |recemment |deja )?(?:quitte|change de|demissionne|cesse)(?: \\S+){0,6}|(?:ne|n')(?: ?\\S+){0,2} (?:travaille|travaillent|bosse|exerce|est|suis|fait|fais)(?: \\S+)? plus(?: \\S+){0,3} (?:chez|ici|la|dans|pour|partie|parmi|avec|en poste)|(?:contrat|cdd|mission|stage)(?: \\S+){0,4} (?:termine\\w*|fini\\w*|pris fin|acheve\\w*|arrive\\w* a son terme)|(?:ne figure|n'apparait) plus|plus (?:aucun|de) (?:\\S+ )?(?:a ce nom|de ce nom)|personne (?:de ce nom|ici)",
    ],
    unless: [
      '(?:partie|parti) (?:en (?:vacances|conges?|deplacement)|du (?:projet|groupe))',
      'en mon absence|de retour',
      'fait partie (?:de|des) (?:nos|mes|vos)',
      'change d.avis',
      'quitte (?:votre|le) (?:logiciel|outil)',
      '(?:contrat|mission) avec',
    ],
  },
  {
    class: 'wrong_person',
    fixed: true,
    when: [
      `(?:vous (?:faites|devez faire|avez fait)(?: \\S+)?|faites|c'est|il y a)(?: une)? (?:erreur|confusion)(?: \\S+){0,5}|vous (?:vous )?(?:trompez|etes trompee?|etes trompes|confondez)(?: \\S+){0,5}|me confondez|(?:geree?|suivie?|traitee?|pilotee?|assuree?|pris en charge|decidee?) par (?!(?:nous|moi|vous)\\b)\\S+(?: \\S+){0,2}|(?:responsable|personne en charge|personne concernee|decideur)(?: \\S+){0,3} (?:est|c'est|serait) \\S+|pas la personne|homonym\\w+|(?:autre|meme) (?:societe|entreprise|personne|nom)(?: \\S+){0,4} (?:nom|homonyme)|(?:c'est|ce sont|cela est|cela se (?:decide|passe|traite)|decide[nt]*|gere[nt]*|achete[nt]*|traite[nt]*|choisi\\w+|relevent?)(?: \\S+){0,3} ${unit}(?: qui (?:decide|gere|achete|choisit|s'en occupe|traite))?|${unit}(?: \\S+)? (?:qui )?(?:decide|decident|gere|gerent|achete|choisit|s'occupe|s'en occupe|s'en charge|centralise|tranche|pilote)`,
      "(?:adressez-vous|adressez-le|tournez-vous|voyez|parlez-en|contactez|ecrivez|demandez|rapprochez-vous)(?: \\S+)? (?:a |avec |vers |aupres de |directement )?(?:eux|elle|lui|celui|celle|ceux|\\S+@\\S+)|(?:ne|n')(?: ?\\S+){0,2} (?:gere|gerons|decide|decidons|m'occupe|nous occupons|traite|suis pas decisionnaire|achete) (?:pas|plus|rien|aucun\\w*)(?: \\S+){0,4}|(?:est|sera|reste) (?:votre|le bon|la bonne|l') ?(?:interlocut\\w+|contact|personne|referent\\w*|correspondant\\w*)|(?:en copie|en cc|que je mets en copie|mis en copie)(?: \\S+){0,6}|(?:transmets|transmis|transfere|transmettre|fais suivre|fait suivre|passe|relaie)(?: \\S+){0,5} (?:a|au|aux|vers) (?:mon|ma|mes|notre|nos|le|la|l'|nos|un|une)(?: ?\\S+){0,2}|je suis (?:dentiste|medecin|infirmi\\w+|enseignante?|professeur|etudiante?|retraitee?|comptable|secretaire|standardiste|stagiaire|apprentie?|boulang\\w+|artiste|benevole)",
    ],
    unless: [
      'urgence|en mon absence',
      'transfere(?:r|z)? (?:de l.argent|des fonds)',
      'voyez avec (?:mon assistante?|ma secretaire|mon secretariat|l.accueil)',
      '(?:qui|est-ce que)(?: \\S+){0,3} (?:decide|gere)(?: \\S+){0,5}\\?$',
      '(?:^|, )(?:si|quand) vous',
      'automatique',
    ],
  },
  {
    class: 'auto_reply',
    fixed: true,
    when: [
      "(?:message|mail|courriel|demande|candidature|dossier|requete|commande)(?: \\S+){0,4} (?:parvenue?|arrivee?|recue?|enregistree?|transmise?|prise? en (?:compte|charge)|traitee?|cree\\w*)(?: \\S+){0,5}|(?:conseill\\w+|equipe|service|collaborat\\w+|agent|technicien\\w*|membre)(?: \\S+){0,4} va(?: \\S+)? (?:le |la |vous |y )?(?:traiter|repondre|recontacter|contacter|etudier|examiner)|(?:boite|adresse|messagerie)(?: \\S+){0,4} (?:n'est pas|n'est plus|non|pas)(?: \\S+)? (?:relevee?|lue?|consultee?|surveillee?|suivie?|traitee?)|(?:utilisez|utiliser|passez par|passer par|remplissez|via) (?:le|notre) (?:formulaire|portail|espace)|(?:nous )?(?:accusons|accuse) (?:bonne )?reception|automatique(?:ment)?|ne pas y repondre|merci (?:de|pour) (?:votre|nous avoir)(?: \\S+)? (?:candidature|commande|inscription|demande|contacte\\w*|ecrite?)|dans l'ordre (?:d'arrivee|de reception)|numero de (?:dossier|ticket|demande|suivi)|(?:ticket|dossier|demande) (?:n|num|#)\\S*",
    ],
    unless: [
      '(?:pas|plus|aucun)(?: \\S+)? interess\\w+|ne (?:nous )?interess\\w+',
      "(?:^|, )(?:j'ai|je|nous (?:ne|avons decide|aimerions|souhait))",
      '\\?$',
      "j'ai bien recu",
    ],
  },
  {
    class: 'out_of_office',
    fixed: true,
    when: [
      "(?:en|a) (?:formation|deplacement|seminaire|reunion|conge|conges|vacances|arret|salon|voyage|mission|rtt|teletravail)(?: \\S+){0,2} (?:jusqu|du|cette|aujourd'hui|demain|et|toute|pour|,|depuis|a partir)\\S*|^(?:en|a) (?:formation|deplacement|seminaire|conges?|vacances|arret|voyage)|(?:conge|arret) (?:maternite|paternite|parental|maladie|de maternite|de maladie|sabbatique)|(?:ne|n')(?: ?\\S+){0,2} (?:consulte|consulterai|lis|lirai|releve|ai pas acces|aurai pas acces)(?: \\S+)? (?:pas|plus|que|rarement)(?: \\S+){0,5}|(?:je )?(?:vous )?(?:repondrai|repondrons|recontacterai|reprendrai|traiterai)(?: \\S+){0,4} (?:lundi|mardi|mercredi|jeudi|vendredi|a mon retour|des mon retour|le \\d|des le|a partir)|(?:bureaux?|magasin|cabinet|societe|entreprise|etablissement)(?: \\S+){0,3} (?:ferme\\w*|en conges)|(?:absente?|indisponible|injoignable)(?: \\S+){0,3} (?:du|jusqu\\S*|cette|toute|aujourd'hui|demain|pour|le|depuis)|fermeture (?:annuelle|estivale|exceptionnelle)",
    ],
    unless: [
      '(?:disponible|libre|rendez-vous|rdv|appel\\w*)',
      '(?:rencontrer|voir|passer|venir)(?: \\S+){0,4} salon',
      'apres (?:mes|les|vos) (?:conges|vacances)',
      '\\?$',
      'a la rentree',
    ],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      "(?:revenez|recontactez|relancez|rappelez|reecrivez|recontacter|revenir|relancer|reparlons|reparler|reprenons|rediscut\\w+|on en reparle|reposez|retentez|ecrivez|contactez)(?:-moi|-nous|-en)?(?: \\S+){0,5} (?:en|a|au|dans|apres|l'|l'annee|plus tard|d'ici|printemps|ete|automne|hiver|rentree|vers|debut|fin|trimestre|semestre|prochaine?|quand|lorsque)(?: ?\\S+){0,3}|(?:pas|mauvais|pas le bon|pas le|tombe mal|mal choisi)(?: \\S+){0,2} (?:moment|timing|d'actualite|periode|priorite|prioritaire|l'ordre du jour)(?: \\S+){0,3}|(?:peut-etre|eventuellement|plutot|pas avant)(?: \\S+){0,4} (?:prochaine?|tard|en (?:janvier|fevrier|mars|avril|mai|juin|juillet|septembre|octobre|novembre|decembre|20\\d\\d)|an|annee|trimestre|semestre|ete|printemps|automne|rentree|20\\d\\d)|(?:autres|d'autres) (?:priorites|chantiers|projets|urgences|preoccupations)|(?:en pleine?|en cours de|au milieu d)(?: ?\\S+)? (?:reorganisation|fusion|demenagement|migration|restructuration|changement|travaux|refonte|rachat|budget)|(?:plus|pas) (?:de |d'|le )?(?:budget|temps|ressources|capacite|bande passante)(?: \\S+){0,4}|budget(?: \\S+){0,4} (?:epuise\\w*|consomme\\w*|gele\\w*|boucle\\w*|clos|alloue\\w*|termine\\w*)|(?:engages?|engagement|contrat|sous contrat)(?: \\S+){0,5} jusqu\\S*|(?:venons|viens|vient) (?:juste |tout juste )?de (?:signer|renouveler|changer|lancer|investir|commencer|demarrer|recruter)(?: \\S+){0,4}|(?:je|nous) (?:garde|gardons|conserve|conservons|reviendrai|reviendrons|reviens)(?: \\S+){0,6} (?:cote|coordonnees|contact|besoin|moment|vers vous|le cas echeant)|plus tard(?: \\S+){0,2}$",
    ],
    unless: [
      '(?:absent|conges|de retour|vacances jusqu)',
      '(?:lundi|mardi|mercredi|jeudi|vendredi|demain|\\d ?h)',
      'plus (?:jamais)',
      'ne (?:plus|me)',
      'delais',
    ],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      "(?:(?:ne |n')(?: ?\\S+){0,3}(?:donne|donnons|donnerai|donnerons|donner) pas(?: de)? suite|sans suite|pas de suite|(?:preferons|prefere|prefererions|preferer) (?:en )?(?:rester|ne pas|garder|continuer|conserver|decliner|travailler)(?: \\S+){0,4}|(?:en rester|restons|reste) la|tres peu pour (?:moi|nous)|(?:faisons|fais|gerons|gere|avons|traitons|realisons)(?: \\S+){0,4} (?:en interne|nous-memes|moi-meme|deja|nos propres)|(?:pas|guere|peu|nullement|aucunement)(?: \\S+)? (?:adapte\\w*|concerne\\w*|interess\\w*|utile|pertinent\\w*|convaincu\\w*|convaincant\\w*|pour (?:nous|moi)|la cible|notre (?:besoin|metier|secteur|cible|priorite)|nos (?:besoins|plans|projets|clients)|de besoin|le besoin|l'utilite|l'interet|d'utilite|d'interet|d'actualite|retenue?|souhaitee?)(?: \\S+){0,4}|(?:declin|refus|renonc)\\w+(?: \\S+){0,5}|trop (?:cher|chere|couteux|onereux|complique|gros)|(?:ne|n')(?: ?\\S+){0,2} (?:vois|voyons|voit|trouve|trouvons) (?:pas|aucun\\w*)(?: \\S+){0,5}|(?:ne|n')(?: ?\\S+){0,2} (?:correspond|convient|sert|servirait|apporte|apporterait|interesse|concerne|parle|tente|souhaitons|souhaite|comptons|compte|envisageons|envisage|prevoyons|cherchons|cherche|voulons|veux|changerons|changeons|utilisons|utilise|travaillons|pratiquons)(?: \\S+)? (?:pas|rien|guere|plus|jamais)(?: \\S+){0,4}|(?:aucun|aucune|nul|nulle|sans)(?: \\S+)? (?:interet|besoin|utilite|projet|envie|intention|raison|plus-value|avantage)(?: \\S+){0,3}|(?:choisi|retenu|opte|signe|parti\\w*)(?: \\S+){0,3} (?:un autre|une autre|un concurrent|autre|concurrent\\w*|ailleurs|solution)|(?:deja|bien) (?:equipes?|equipees?|un prestataire|un fournisseur|un outil|une solution|servis?|pourvus?|fourni\\w*|ce qu'il (?:nous )?faut)|satisfaits?(?: \\S+){0,6}|bonne (?:chance|continuation|route)|merci,? mais(?: non)?$)",
    ],
    unless: [
      "(?:pour l'instant|pour le moment|actuellement|cette annee|a ce stade)",
      'pas (?:satisfaits?|contents?|insensible)|insatisfaits?',
      '(?:etes|avez)-vous|est-ce que vous|\\?$',
      'ne vois pas (?:le|la|de|votre) (?:lien|piece|prix|tarif)',
      "(?:n'est|est) pas (?:mon|moi)",
      'satisfaction',
      'pas (?:que|seulement)',
    ],
  },
  {
    class: 'interested',
    fixed: true,
    when: [
      "(?:faites|faites-moi|faites-nous|etablissez|preparez|chiffrez|redigez|adressez|envoyez|transmettez)(?:-moi|-nous)?(?: \\S+){0,3} (?:offre|devis|proposition|chiffrage|plaquette|documentation|doc|presentation|tarifs?|infos?|exemple|contrat|demo)(?: \\S+){0,4}|(?:serions|serais|sommes|suis|serait) (?:\\S+ )?(?:partante?s?|preneurs?|preneuse|interessee?s?|curieux|curieuse|tentee?s?|ouverte?s?|d'accord|convaincue?s?|emballee?s?)(?: \\S+){0,4}|(?:dites|racontez|expliquez)(?:-moi|-nous|-m'en|-nous-en)(?: \\S+){0,2}|(?:c'est|voila|ca) (?:\\S+ )?(?:exactement|tout a fait|precisement|justement|pile|bien) (?:ce|notre|mon|le)(?: \\S+){0,4}|(?:comment|quelles?|quelle est)(?: \\S+){0,3} (?:procede|proceder|demarre|demarrer|commence|commencer|suite|etapes?|souscrire|s'inscrire|essayer)(?:-t-on)?|(?:peut|pourrait|peut-on|pourrait-on|puis-je|possible)(?: \\S+)? (?:de )?(?:tester|essayer|avoir (?:un acces|une demo|un devis|un essai|plus))(?: \\S+){0,3}|(?:veux|voudrais|voudrions|aimerais|aimerions|souhaite|souhaitons|souhaiterais|souhaiterions|voulons)(?: \\S+){0,2} (?:tester|essayer|voir|recevoir|decouvrir|un devis|une demo|une demonstration|un essai|en savoir)(?: \\S+){0,3}|montrez(?:-moi|-nous)|(?:c'est )?(?:d'accord|bon pour|ok pour) (?:moi|nous|un essai|un test)|(?:banco|marche conclu|on y va|allons-y|je signe|ou signer)|pas (?:contre|opposee?s?|inintéressant|inininteressant)",
    ],
    unless: [
      "(?:ne|n')(?: ?\\S+){0,4} (?:pas|plus|jamais|aucun\\w*)",
      'desabonn\\w*|desinscri\\w*|supprim\\w*|retir\\w*',
      'avocat|plainte',
      'plus (?:aucun|de|vos)',
    ],
  },
  {
    class: 'meeting_request',
    fixed: true,
    when: [
      "(?:voyez|voir|calez|caler|organisez|fixez|convenez|prenez|prendre|planifiez|arrangez)(?: \\S+){0,6} (?:mon assistante?|ma secretaire|mon secretariat|rendez-vous|rdv|creneau|date|visio|call|appel|reunion)(?: \\S+){0,3}|(?:appelez|rappelez|telephonez|joignez|contactez)(?:-moi|-nous)(?: \\S+){0,3} (?:matin|matinee|apres-midi|journee|soiree|midi|telephone|semaine|au \\d|sur|avant|apres|entre|des|quand)(?: \\S+){0,3}|(?:prenons|fixons|calons|convenons|organisons)(?: \\S+){0,3} (?:rendez-vous|rdv|date|creneau|point|call|appel)(?: \\S+){0,3}|(?:je|nous) (?:vous )?propos(?:e|ons) (?:le|un|une|lundi|mardi|mercredi|jeudi|vendredi|demain|de)(?: \\S+){0,5}|(?:passez|venez|rencontrons|voyons|parlons|discutons|echangeons|retrouvons)(?:-nous|-en)?(?: \\S+){0,5}|(?:dans nos (?:locaux|bureaux)|de vive voix|autour d'un cafe|par telephone|en visio|au telephone|par visio)(?: \\S+){0,4}|(?:le \\d{1,2}|lundi|mardi|mercredi|jeudi|vendredi|demain)(?: \\S+){0,4} (?:a \\d{1,2} ?(?:h|heures)\\S*|matin|apres-midi|midi)|(?:j'ai|ai|aurais|dispose)(?: \\S+){0,2} (?:un creneau|une heure|une demi-heure|un moment|quelques minutes|un trou|du temps|dix minutes)(?: \\S+){0,4}",
    ],
    unless: [
      'absente?|conges|urgence|de retour|retour|fermes?|ferme',
      "(?:ne|n')(?: ?\\S+){0,4} (?:pas|plus|jamais)",
      '(?:en|au) (?:janvier|septembre|printemps|automne|prochain trimestre)|rentree|prochaine annee|annee prochaine',
      'repondrai|repondrons',
      'parlons pas',
      'avocat',
      'passez par',
    ],
  },
];

import type { OptOuts } from './rules.ts';

const month =
  '(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|printemps|ete|automne|hiver|noel|paques|rentree|vacances|trimestre|semestre|annee|mois|semaine|lundi|mardi|mercredi|jeudi|vendredi|20\\d\\d|\\d)';
const mails =
  '(?:mails?|e-?mails?|courriels?|messages?|publicites?|pubs?|prospection\\w*|demarchages?|sollicitations?|offres?|newsletters?|envois?|relances?|communications?)';

export const frenchOptOuts: OptOuts = {
  others: [
    '(?:demandes|requetes) de (?:suppression|desinscription|desabonnement|retrait|droit)',
    'automatique\\w*(?: \\S+){0,8}\\?$|(?:suppri\\w+|effac\\w+|nettoy\\w+)(?: \\S+){0,3} (?:doublons|invalides|inactifs|anciens)|(?:gestion|gerer|gerez|suivi|traite\\w*|traitement|nombre)(?: \\S+){0,3} (?:desabonn\\w+|desinscri\\w+)',
    '(?:destinataires?|clients?|utilisateurs?|abonnes?|contacts|prospects|lecteurs|membres|adherents|gens|salaries|ils|elles)(?: \\S+){0,6} (?:se desabonn\\w+|se desinscri\\w+|desabonne\\w*|desinscri\\w+|resili\\w+)|se desabonnent|se desinscrivent',
    "(?:trop de|beaucoup de|plus de|moins de|nos|le nombre de|taux de) (?:\\S+ )?(?:desabonnements?|desinscriptions?|resiliations?)|perd\\w+ (?:\\S+ )?(?:beaucoup d'|des |trop d')?abonnes",
    '(?:arreter|resilier|suspendre|annuler|stopper|quitter)(?: \\S+){0,3} (?:abonnement|contrat|essai|formule|offre)(?: \\S+){0,8}\\?$',
    '(?:les|des|toutes les) (?:\\S+ )?(?:donnees|fichiers|contacts|enregistrements)(?: \\S+){0,10}\\?$|(?:donnees|fichiers)(?: \\S+){0,4} (?:a la fin|en fin|apres) ',
  ],
  own: [
    '(?:pouvez|pourriez)[ -]vous (?:\\S+ ){0,3}(?:supprimer|effacer|retirer) (?:les|mes|nos|toutes)',
    "(?:retirer|retirez|retire|supprim\\w+|enlev\\w+|effac\\w+|ray\\w+|desabonn\\w+|desinscri\\w+|radi\\w+|ot\\w+)[ -](?:moi|nous)|(?:me|m'|nous) (?:desabonn\\w+|desinscri\\w+|retir\\w+|supprim\\w+|ray\\w+|enlev\\w+|effac\\w+|ecri\\w+|contact\\w+|sollicit\\w+|relanc\\w+)",
    '(?:mon|ma|mes|notre|nos|cette) (?:adresse|mail|e-?mail|donnees|coordonnees|nom|fiche|boite)',
    'je (?:\\S+ ){0,4}(?:desabonn\\w+|desinscri\\w+|oppose\\w*)|comment (?:puis-je|je peux|faire pour) (?:me )?',
  ],
  later: [
    `(?:avant|d'ici|jusqu'(?:a|en|au)|pendant)(?: (?:la|le|les|l'|fin|debut|mi|de|du|des|au|a|mois|nos|notre|cet|cette|prochain\\w*|au moins))* (?:l')?${month}`,
    "pour (?:le moment|l'instant)",
  ],
  removal: [
    'desabonn\\w*|desinscri\\w*|retir\\w+|supprim\\w+|effac\\w+|ray\\w+|listes?|fichiers?|base|rgpd|jamais|spam|definitivement|oppos\\w+',
  ],
  contrary: [
    'laissez[ -](?:moi|nous) (?:souffler|reflechir|le temps|un peu|quelques|revenir|regarder|voir|y |en parler)',
    "n'arretez (?:surtout )?pas|ne (?:vous )?(?:arretez|cessez) (?:surtout )?pas|plus un mot",
    "(?:ne |n')?(?:recoi\\w+|recevons|recevez|recu)(?: \\S+){0,3} (?:rien|plus|pas|aucun)(?: \\S+){0,5} (?:de notre|de nos|du|de mon|fournisseur|prestataire|systeme|plateforme|lien|invitation|acces)",
    "(?:ne plus |plus )?(?:m'ecrire|me contacter|m'ecrivez|ecrire)(?: \\S+){0,2} a moi(?: \\S+)? mais (?:a|plutot)",
  ],
  rules: [
    {
      class: 'unsubscribe_request',
      fixed: true,
      when: [
        'comment (?:on |peut-on |puis-je |faire pour )?(?:se|me) (?:desabonn|desinscri)\\w+',
        "(?:mett\\w+|inscri\\w+|ajout\\w+|plac\\w+)(?:[ -]\\S+){0,3} (?:sur|dans|a) (?:votre|la|une) liste (?:d'opposition|d'exclusion|noire|de blocage|rouge|de desinscription)",
        '(?:ne plus|cesser de|ne pas|plus)(?: \\S+)? (?:figurer|apparaitre|etre|faire partie)(?: \\S+)? (?:parmi|dans|sur|de) (?:vos|votre|la|les|cette|une) (?:\\S+ )?(?:destinataires|listes?|fichiers?|envois|base|contacts|diffusion|mailing\\w*)',
        "(?:vir|sort|enlev|retir|ot|sup?prim|ray)(?:ez|er|e|ons)(?:[ -]| )?(?:moi|nous|notre \\S+|mon \\S+|ma \\S+) (?:de la|de ca|d'ici|de tout ca|de vos|de votre|de cette|de ce)",
        '(?:oubli\\w+|perd\\w+|jet\\w+) (?:cette|mon|ma|notre) (?:\\S+ )?(?:adresse|mail|e-?mail|contact)',
        "(?:ne |n')?(?:veux|voulons|souhait\\w+|desir\\w+)(?: \\S+)? (?:plus|aucun|pas)(?: \\S+)? (?:de |d')?(?:vos|ces|vos|tels) (?:\\S+ )?(?:mails?|e-?mails?|messages?|courriels?|pubs?|relances?)",
        '(?:marre|assez|ras le bol|stop)(?: \\S+){0,3} (?:mails?|e-?mails?|messages?|relances?|pubs?|spams?)',
        '(?:dans|de) (?:ma|notre) boite(?: \\S+){0,3}(?: plus| pas)?$',
        `(?:merci|priere|veuillez|je vous (?:prie|demande|remercie)|nous vous (?:prions|demandons|remercions)|vous demande)(?: \\S+){0,2} (?:de |d')(?:cesser|arreter|stopper|mettre fin a|interrompre)(?: \\S+){0,3} ${mails}|cess\\w+ (?:tout|toute|tous|vos|ces|de) (?:\\S+ )?(?:${mails}|m'|nous|me|contact)`,
        `(?:ray|radi|effac|supprim|enlev|retir|bloqu)(?:ez|er|e|ons) (?:\\S+ )?(?:mon|ma|mes|notre|nos|cette|moi|nous|mon nom)(?: \\S+)?`,
        `(?:prefer\\w+|souhait\\w+|desir\\w+|voudrais|voulons|veux|aimerais)(?: \\S+)? (?:ne pas|ne plus|pas|plus)(?: \\S+)? (?:etre|recevoir|avoir) (?:\\S+ )?(?:re)?(?:contacte\\w*|sollicite\\w*|relance\\w*|demarche\\w*|derange\\w*|${mails}|de |vos |ces |ce genre|ce type)`,
        `(?:fichez|fiche|foutez|fous|laissez|laisse)[ -](?:moi|nous)(?: \\S+)? (?:la paix|tranquilles?) (?:\\S+ ){0,3}${mails}`,
        `(?:adresse|boite|messagerie|mail)(?: \\S+){0,3} (?:reservee?|dediee?|uniquement|exclusivement|seulement|que)(?: \\S+){0,8} (?:pas|merci|ne|aucune?|priere)|(?:ne plus|ne pas|pas) (?:ecrire|envoyer|utiliser|solliciter)(?: \\S+){0,3} (?:cette|sur cette|a cette) (?:adresse|boite|messagerie)`,
        `(?:encore un|si vous|prochaine? (?:fois|mail|message|e-?mail)|au prochain|la prochaine|en cas de|nouvel? (?:mail|message|envoi)|a defaut)(?: \\S+){0,9} (?:signal\\w*|cnil|plainte|avocat|porte plainte|spam|bloqu\\w*|tribunal|poursui\\w+|denonc\\w+)|(?:signal\\w+|plainte|cnil|avocat)(?: \\S+){0,6} (?:si vous|si je|si cela|la prochaine)`,
        `(?:ne|n') ?(?:accept\\w+|souhait\\w+|voul\\w+|veux|autoris\\w+|trait\\w+|desir\\w+)(?: \\S+)? (?:pas|aucune?|plus|jamais)(?: \\S+){0,2} (?:${mails}|publicitaires?|commercia\\w+|non solicite\\w*|non sollicite\\w*)|prospection (?:\\S+ )?(?:non sollicitee|interdite|illegale)`,
        "(?:n'ai|n'avons) (?:jamais (?:\\S+ )?(?:donne (?:\\S+ )?(?:accord|autorisation|consentement)|autorise|consenti|souscrit|demande)|rien demande|pas (?:autorise|donne (?:\\S+ )?(?:accord|autorisation|consentement)))",
        "(?:ne pas|plus|pas|inutile de|arretez de|cessez de) (?:me |m'|nous )(?:recontacter|relancer a nouveau|solliciter|demarcher|harceler|spammer)",
      ],
    },
  ],
};

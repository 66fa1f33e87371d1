import type { Language } from './language.ts';

export const fr: Language = {
  greetings: ['Bonjour NAME,', 'NAME, bonjour,', 'Bonsoir NAME,', 'Salut NAME,', 'Bonjour à vous, NAME,'],
  greetingsWithoutName: ['Bonjour,', 'Bonsoir,', 'Bonjour à nouveau,', 'Re-bonjour,', 'Rebonjour,'],
  closings: ['Bien à vous', 'Cordialement', 'Bien cordialement', 'Bonne journée', 'Merci d’avance', 'À bientôt'],
  openers: [
    'J’espère que la semaine commence bien. ',
    'Merci pour votre message de l’autre jour. ',
    'Je voulais écrire plus tôt, mais la matinée était chargée. ',
    'Juste pour ne pas oublier. ',
    'Me voici de retour au bureau. ',
    'Comme promis, quelques lignes. ',
    'Ce sera court. ',
    '',
  ],
  endings: [
    '',
    ' Merci d’avance.',
    ' Une réponse courte suffit.',
    ' Je suis là jusqu’à dix-sept heures.',
    ' Bonne journée.',
    ' Inutile d’appeler, un message suffit.',
  ],
  topics: [
    {
      subject: '{Notes|Compte rendu|Résumé} de {notre appel|la réunion|ce matin}',
      body: '{Voici|Ci-dessous} ce que j’ai {noté|retenu} : nous {commençons|débutons} par la partie la plus {courte|simple} et nous {verrons|regarderons} le reste {la semaine prochaine|jeudi|après le week-end}. {Ai-je oublié quelque chose|Manque-t-il un point} ?',
      reply:
        '{Merci|Merci beaucoup}, tout y est. J’ajouterais {seulement|juste} la date {du brouillon|de la première version}. {Vendredi|Mercredi|Le 20} me convient.',
    },
    {
      subject: '{Déplacer|Décaler} notre {rendez-vous|appel|réunion}',
      body: 'J’ai un {empêchement|contretemps} et je dois {déplacer|décaler} notre rendez-vous. {Mardi|Jeudi|Mercredi} {matin|après-midi} vous {conviendrait|irait}-il ? {Une demi-heure|Trente minutes} {suffira|devrait suffire}.',
      reply:
        'Pas de souci, cela me {convient|va}. C’est {noté|changé} dans mon agenda. {À ce moment-là|Bonne fin de journée}.',
    },
    {
      subject: '{Question|Petite question|Une question} sur {le devis|votre offre}',
      body: 'Je {relis|parcours} votre devis et {je me demande|j’aimerais savoir} si {la livraison|la pose} est {comprise|prévue} dans le prix. {Sinon|Dans le cas contraire}, {pourriez-vous|merci de} l’ajouter {sur une ligne à part|en option}.',
      reply:
        'C’est {compris|inclus} {la première année|pour la première commande}. {Ensuite|Après}, nous le facturons {une fois par an|à part}. Je le {précise|note} {dans le document|dans la prochaine version}.',
    },
    {
      subject: '{Le brouillon|Le nouveau texte} est {prêt à relire|à votre disposition|en ligne}',
      body: 'Le texte est {terminé|prêt} et se trouve dans le dossier {habituel|partagé}. {Regardez surtout|J’hésite encore sur} la {deuxième|troisième|dernière} page : les chiffres {méritent|demandent} {une phrase de plus|une courte explication}. {Rien ne presse|Ce n’est pas urgent}.',
      reply:
        'Je l’ai {lu|relu à midi}, c’est {clair|très lisible}. J’ai laissé {deux|trois} remarques {en marge|à côté des chiffres}, {rien de grave|de petites choses}.',
    },
    {
      subject: '{Trajet|Train|Arrivée} de {lundi|mardi|jeudi}',
      body: 'Je prends le train {de huit heures|de sept heures et demie|peu après neuf heures} et j’arrive {avant midi|vers onze heures}. {On déjeune ensemble avant|Avez-vous le temps pour un café} ?',
      reply:
        '{Avec plaisir|Bonne idée}. Il y a un endroit {calme|agréable} {près de la gare|au coin de la rue}. {Appelez-moi|Un petit message} à l’arrivée.',
    },
    {
      subject: '{Commande|Livraison} {de la semaine dernière|de lundi|du 12}',
      body: 'Les {cartons|échantillons} sont {arrivés|bien arrivés} {hier|ce matin}, {merci|un grand merci}. {L’un d’eux|Un seul} est plus {petit|clair} que {prévu|commandé}. {Je le renvoie|Faut-il le renvoyer}, ou {on le garde|nous le gardons} ?',
      reply:
        '{Désolé|Toutes mes excuses}. {Gardez-le|Vous pouvez le garder} ; le bon part {aujourd’hui|avec la prochaine livraison}.',
    },
    {
      subject: '{Photos|Images} pour {la brochure|la nouvelle page|le site}',
      body: 'Il nous {manque|faut} encore {deux|trois|quelques} photos pour la brochure. Celles {de l’atelier|de l’été dernier} {iraient|conviendraient} bien. Les avez-vous encore {en grand format|en taille réelle} ?',
      reply: 'Je les ai {retrouvées|encore}. Je les {dépose|mets} dans le dossier {ce soir|cet après-midi}.',
    },
    {
      subject: '{Congés|Remplacement} en {mai|juillet|août|octobre}',
      body: 'Je serai {absent|en congé} {deux semaines|dix jours} en {juillet|août|octobre}. {Pourriez-vous|Serait-il possible de} reprendre le {point du lundi|rapport de la semaine}, comme {la dernière fois|l’an dernier} ? Je prépare {tout|les listes} {avant de partir|à l’avance}.',
      reply:
        '{Bien sûr|Sans problème}. {Laissez-moi|Notez-moi} les {numéros|contacts}, et {bonnes vacances|reposez-vous bien}.',
    },
    {
      subject: '{Votre exposé|L’atelier|Votre présentation} de {jeudi|mercredi}',
      body: 'J’ai {aimé|beaucoup aimé} votre présentation, {surtout|en particulier} la partie sur {le budget|la planification|la première année}. {Pourriez-vous m’envoyer|Puis-je avoir} les diapositives ? {Une collègue|Mon équipe} voudrait les {lire|voir} aussi.',
      reply:
        '{Cela me fait plaisir|Merci de ce retour}. Je les envoie {demain|dès mon retour}. {Les questions sont bienvenues|N’hésitez pas à demander}.',
    },
    {
      subject: '{Contrat|Accord} : {un détail|le dernier point}',
      body: 'Le contrat est {presque|quasiment} prêt. {Seul le préavis est à fixer|Il ne reste que le préavis à fixer|Seul le délai reste ouvert}. Que {préférez|proposez}-vous ? {Ensuite|Après cela}, j’imprime les deux exemplaires.',
      reply:
        '{Prenons|Je prendrais} {les trois mois habituels|le premier du mois}. {Pour le reste|Sinon}, {tout va bien|rien à changer}.',
    },
    {
      subject: 'L’imprimante {du bureau|de la salle de réunion|de l’étage}',
      body: 'L’imprimante {s’arrête|fait du bruit} {encore|à chaque page}. Vous souvenez-vous de qui l’a {réparée|révisée} {au printemps|la dernière fois} ? J’appellerais {aujourd’hui|demain}.',
      reply:
        'C’était {le magasin|l’entreprise} {d’en face|près du pont}. {Le numéro|La carte} est {dans le tiroir|sur le couvercle}. Ils viennent {le jour même|assez vite}.',
    },
    {
      subject: '{Idées|Propositions} pour {la sortie|la journée d’équipe|la lettre}',
      body: 'Je {rassemble|collecte} les idées pour notre sortie. Pour l’instant, {nous avons|il y a} {une visite|un cours de cuisine} et {un quiz|une activité dehors}. {Qu’aimeriez-vous|Un souhait de votre côté} ? {Deux mots|Quelques mots} suffisent.',
      reply:
        '{La visite|Une activité dehors} {me plairait|serait mon choix}. {S’il pleut|Par mauvais temps}, le musée est {tout près|à deux pas}.',
    },
  ],
};

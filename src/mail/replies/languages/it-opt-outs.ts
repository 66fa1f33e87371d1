import type { OptOuts } from './rules.ts';

const month =
  '(?:gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre|primavera|estate|autunno|inverno|natale|pasqua|ferie|vacanze|trimestre|semestre|anno|mese|settimana|lunedi|martedi|mercoledi|giovedi|venerdi|20\\d\\d|\\d)';
const mails =
  '(?:mail|e-?mail|messaggi|messaggio|pubblicita|offerte|promozion\\w+|spam|newsletter|comunicazion\\w+|proposte|invii|sollecit\\w+|contatti)';

export const italianOptOuts: OptOuts = {
  others: [
    '(?:richieste|domande) di (?:cancellazione|rimozione|disiscrizione)',
    '(?:in automatico|automatica\\w*)(?: \\S+){0,8}\\?$|(?:rimuov\\w+|cancell\\w+|elimin\\w+)(?: \\S+){0,4} (?:duplicat\\w+|non validi|inattiv\\w+|vecchi\\w*)|(?:gestione|gestite|gestire|gestisce)(?: \\S+){0,3} (?:cancellazion\\w+|disiscri\\w+)',
    '(?:destinatari|destinatario|clienti|utenti|iscritti|contatti|lettori|membri|soci|dipendenti|persone|gente)(?: \\S+){0,6} (?:cancellarsi|si cancell\\w+|disiscriver\\w*|si disiscriv\\w+|disdire|a cancellar\\w+)',
    '(?:troppe|tante|molte|piu|meno|le|nostre|tasso di|numero di) (?:\\S+ )?(?:cancellazioni|disiscrizioni|disdette)|cancellazioni dalla (?:nostra )?newsletter',
    "(?:disdire|annullare|sospendere|interrompere|fermare|recedere)(?: \\S+){0,3} (?:abbonamento|piano|contratto|prova|licenza)(?: \\S+){0,8}\\?$|(?:disdire|annullare|sospendere|interrompere|recedere)(?: \\S+){0,2} l'abbonamento(?: \\S+){0,8}\\?$",
    '(?:i|le|tutti i) (?:\\S+ )?(?:dati|registrazioni|file|contatti)(?: \\S+){0,10}\\?$|dati(?: \\S+){0,4} (?:alla fine|al termine|dopo|a fine)',
  ],
  own: [
    '(?:potete|potrebbe|puo|potreste)(?: per favore)? (?:cancellare|eliminare|rimuovere) (?:i|tutti)',
    '(?:cancell\\w+|rimuov\\w+|togli\\w*|elimin\\w+|disiscriv\\w+|esclud\\w+|lev\\w+)(?:mi|ci|temi|teci)\\b|(?:mi|ci) (?:cancell\\w+|rimuov\\w+|tolg\\w+|elimin\\w+|disiscriv\\w+|scriv\\w+|contatt\\w+|mand\\w+|invi\\w+) ',
    '(?:mio|mia|miei|nostro|nostra|nostri|questo|questa) (?:indirizzo|mail|e-?mail|dati|nome|casella|contatto|nominativo)',
    'come (?:faccio|posso|facciamo)(?: \\S+){0,3} (?:cancellarmi|disiscrivermi)',
  ],
  later: [
    `(?:fino a|fino al|prima di|prima del|prima della|durante)(?: (?:il|la|le|fine|inizio|meta|di|del|prossimo|prossima|almeno|mese|questa|l'|dopo))* (?:l')?${month}`,
    'per (?:ora|adesso|il momento)',
  ],
  removal: [
    'cancell\\w+|rimuov\\w+|toglie\\w+|togli\\w*|elimin\\w+|disiscri\\w+|list[ae]|archivi\\w*|gdpr|mai piu|spam|database',
  ],
  contrary: [
    'non (?:\\S+ ){0,3}a (?:me|noi),? (?:ma|lo|la|scriv\\w+|mand\\w+|invi\\w+)',
    'non (?:si fermi|fermarti|fermatevi|ti fermare|smetta|smettere|smettete|smetti)(?! di (?:mandar|inviar|scriver)\\w* (?:spam|queste))',
    'non (?:mi |ci )?(?:arriv\\w+|ricev\\w+|e arrivat\\w+)(?: \\S+){0,5} (?:link|accesso|invito|password|allegato|proposta|preventivo)',
    'non (?:scriva|scrivere|scrivete|scrivi) a (?:me|noi) ma',
  ],
  rules: [
    {
      class: 'unsubscribe_request',
      fixed: true,
      when: [
        'come (?:ci si|si|mi|faccio a) (?:cancell|disiscriv)\\w+',
        '(?:inserir\\w*|metter\\w*|aggiunger\\w*|inserite\\w*|metta\\w*|mettete\\w*)(?: \\S+){0,3} (?:nella|in|alla) (?:vostra|sua|una|tua)? ?(?:lista (?:di (?:esclusione|blocco|soppressione)|nera)|black ?list)|(?:fermatevi|si fermi|smettetela|finitela|piantatela)$',
        '(?:non|smettere di|evitare di)(?: \\S+)? (?:farmi|farci|figurare|comparire|essere|stare)(?: \\S+){0,2} (?:avere|arrivare|pervenire|tra|fra|nelle?|nei|sulla)(?: \\S+){0,3} (?:comunicazioni|mail|messaggi|destinatari|list[ae]|invii|contatti|elenco|elenchi)',
        "(?:togli|cancell|rimuov|lev|elimin)(?:er|ar|ete|ere|iete)?(?:mi|ci)?(?: \\S+){0,2} (?:da li|da qui|da questo|da questa|dalla lista|dall'elenco)",
        '(?:dimentic\\w+|scord\\w+|butt\\w+|perd\\w+) (?:\\S+ )?(?:questo|il mio|il nostro|questa) (?:\\S+ )?(?:indirizzo|mail|e-?mail|contatto)',
        'non (?:voglio|vogliamo|desidero)(?: \\S+)? (?:piu )?(?:niente|nulla|mail|messaggi|comunicazioni)(?: \\S+)? (?:da (?:voi|te|lei)|vostr\\w+)',
        '^(?:rimozione|cancellazione|rimuovere|cancellare|togliere)(?: per favore| grazie| per cortesia)*$',
        '(?:rimuov\\w+|togli\\w*|elimin\\w+|cancell\\w+|leva\\w*)(?: \\S+){0,2} (?:il |la |i )?(?:mio|mia|miei|nostro|nostra|nostri|questo) (?:\\S+ )?(?:indirizzo|mail|e-?mail|dati|nome|nominativo|contatto)',
        '(?:non|di non|a non)(?: \\S+)? (?:ricontatt\\w+|riscriv\\w+|contattar\\w+ (?:piu|ancora|oltre|ulteriormente)|includer\\w+|inserir\\w+)',
        `(?:preferi\\w+|gradi\\w+|chied\\w+|preg\\w+)(?: \\S+){0,4} (?:di non|non) (?:\\S+ )?(?:ricev\\w+|essere|ricontatt\\w+|riscriv\\w+|invia\\w+|mandar\\w+)`,
        `non (?:\\S+ )?(?:vogli\\w+|desider\\w+|accett\\w+|autorizz\\w+|gradi\\w+|richied\\w+|acconsent\\w+|ricev\\w+)(?: (?:piu|ricevere|che|ci|mi|alcun\\w*|questo|queste|tipo|di|vostre|altre|proposte))* (?:${mails}|commercial\\w+|pubblicitari\\w+)`,
        `(?:e )?basta(?: \\S+){0,3} (?:${mails}|scriver\\w*|mandar\\w*)|(?:smetta|smettete|smettila|smettetela|piantatela|cessate|finitela)(?: \\S+){0,2} (?:di |con )(?:scriver\\w+|mandar\\w+|inviar\\w+|contattar\\w+|disturbar\\w+|${mails})`,
        '(?:casella|indirizzo|mail|e-?mail)(?: \\S+)? (?:e|serve)(?: \\S+){0,2} (?:solo|soltanto|unicamente|esclusivamente|riservat\\w+|per)(?: \\S+){0,8} (?:non|pubblicita|asten\\w+)|(?:astenetevi|si astenga|astenersi|astieniti)',
        `(?:se|un'altra|ancora|prossim\\w+|alla prossima|altra|nuova)(?: \\S+){0,8} (?:insist\\w+|mail|e-?mail|scriv\\w+|messaggio|invi\\w+|mand\\w+|contatt\\w+|volta)(?: \\S+){0,6} (?:denunc\\w+|avvocat\\w+|blocc\\w+|spam|segnal\\w+|garante|querel\\w+|reclam\\w+)`,
        'non (?:ho|abbiamo|mi sono|ci siamo) (?:\\S+ )?(?:autorizzato|acconsentito|prestato|dato (?:\\S+ )?(?:consenso|autorizzazione|permesso)|mai iscritt\\w+|iscritt\\w+ a)|mai (?:richiest\\w+|chiest\\w+) (?:informazioni|questo|queste|nulla|niente)',
        'disiscri\\w+(?:mi|temi|ci)?$|^disiscri\\w+',
      ],
    },
  ],
};

import type { Rule } from './rules.ts';

/** How Italian says no: never again, rudely, later, or not at all. */
export const italianRefusals: readonly Rule[] = [
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      '^(?:per favore,? |per cortesia,? |prego )?(?:cancellami|cancellatemi|cancellarmi|mi cancelli|cancella|cancellare|cancellazione|rimuovimi|rimuovetemi|rimuovere|mi rimuova|disiscrivimi|disiscrizione|disiscrivetemi|disiscrivere|disiscrivermi|stop|basta|basta mail|basta email|unsubscribe|rimozione|eliminatemi|eliminami|disdetta|no spam)(?: (?:per favore|grazie|subito|per cortesia|immediatamente|dalla lista))*$',
      "(?:non|mai)(?: \\S+){0,3} (?:ricevere|riceva|riceviamo|scriv\\w+|contatt\\w+|invi\\w+|mand\\w+|disturb\\w+|importun\\w+|essere contattat\\w+|sped\\w+)(?: \\S+){0,4} ?(?:piu|altre|ulteriori|mail|e-?mail|messaggi|pubblicita|comunicazioni|nulla|niente|mai)|non (?:scrivetemi|scrivermi|scriveteci|contattatemi|contattarmi|contattateci|mandatemi|inviatemi|disturbatemi|mi scriva|mi contatti|mi scrivete|mi contattate|mi mandi|ci contattate|ci scrivete)(?: \\S+)? ?(?:piu|mai)|(?:nessun'?altra|nessuna altra|niente|basta|piu nessuna|basta con (?:le|queste))(?: \\S+)? (?:mail|e-?mail|messaggi|comunicazion\\w+|pubblicita|spam|contatt\\w+)",
      "(?:smett\\w+|smettila|finit\\w+|cessat\\w+|finitela) (?:subito )?di (?:mandar\\w*|inviar\\w*|scriver\\w*|contattar\\w*|spammare|invadere)|(?:non (?:desidero|voglio|vogliamo|desideriamo|intendo|gradisco))(?: \\S+)? (?:ricevere|essere contattat\\w+|altre|ulteriori|le vostre|piu)|disiscri\\w+|gdpr|diritto all'oblio|mi oppongo|revoco|opposizione al trattamento|annull\\w+ (?:la )?(?:mia )?iscrizione",
    ],
    unless: [
      'fino a (?:gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre)',
      'prima (?:di|del)',
      '(?:possono|i clienti|i contatti|gli utenti|destinatari)',
      'conform\\w+',
    ],
  },
  {
    class: 'unsubscribe_request',
    when: [
      '(?:cancell\\w+|rimuov\\w+|rimozione|elimin\\w+|togli\\w+|toglier\\w*|esclud\\w+|depenn\\w+|leva\\w+)(?: \\S+){0,6} (?:lista|liste|mailing|database|miei dati|mio indirizzo|mia mail|mia e-?mail|mio contatto|mio nominativo|nostr\\w+ \\S+|newsletter|archivi\\w*|elenco|elenchi|sistema|rubrica|contatti|dati personali|questo indirizzo)',
      '(?:cancellatemi|cancellarmi|rimuovetemi|rimuovermi|toglietemi|togliermi|eliminatemi|eliminarmi|escludetemi|mi (?:cancelli|rimuova|tolga|elimini|cancellate|rimuovete|togliete|eliminate))|(?:lasciatemi|lasciami|lasciateci|mi lasci) in pace',
    ],
    unless: ['(?:possono|si puo|gli utenti|i contatti)'],
  },
  {
    class: 'hostile',
    when: [
      "vaffanculo|fanculo|cazzo|cazzate|stronz\\w+|merda|idioti?|imbecilli?|cretini?|truffator\\w+|truffa|ladri|vergogna\\w*|vergognatevi|andate al diavolo|vada al diavolo|vai al diavolo|al diavolo|all'inferno|spazzatura|schifo|schifos\\w+|rompiscatole|rompere|rompete|rompicoglioni|coglioni|palle|pagliacci|buffoni|farabutti|delinquenti|molest\\w+|indecente|inaccettabile|stufo|stufa|andate a quel paese|va a quel paese|tormentare",
      '(?:mio|mia|nostro|nostri|miei) (?:avvocat\\w+|legal\\w+)|denunci\\w+|querel\\w+|vie legali|azioni legali|tribunale|garante (?:della |per la )?privacy|garante|segnal\\w+ (?:alla|come|al)',
    ],
    unless: ['studio legale', 'garante (?:dei|del) prezz'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      "(?:al momento|in questo momento|per ora|per il momento|attualmente|adesso|ora|quest'anno)(?:,)?(?: \\S+){0,4} (?:no|non|nessun\\w*|altre priorita|senza)|(?:al momento|per ora|per adesso|adesso|ora),? no|non(?: \\S+){0,4} (?:adesso|ora|per ora|al momento|in questo momento|quest'anno|ancora|prioritario|una priorita|il momento|momento giusto|momento adatto|buon momento)|non ancora|brutto momento|momento sbagliato|cattivo momento",
      "(?:risent\\w+|sent\\w+|riscriv\\w+|scriv\\w+|ricontatt\\w+|contatt\\w+|richiam\\w+|riparl\\w+|parl\\w+|riprend\\w+|rived\\w+|aggiorn\\w+|torn\\w+|risentirci|riprov\\w+|prov\\w+)(?: \\S+){0,6} (?:piu avanti|piu tardi|dopo|a (?:gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre|fine|inizio|primavera|meta)|in (?:autunno|primavera|estate|inverno|futuro|un altro)|tra (?:qualche|un|due|tre|sei|alcuni|\\d)|fra (?:qualche|un|due|tre|sei|alcuni|\\d)|l'anno|il prossimo|nel (?:prossimo|20|nuovo|secondo|primo)|prossimo|prossimi|q[1-4])",
      "l'anno prossimo|anno prossimo|prossimo anno|prossimo (?:trimestre|semestre)|budget(?: \\S+){0,5} (?:chius\\w+|esaurit\\w+|congelat\\w+|bloccat\\w+|gia|fino|speso|allocat\\w+)|(?:senza|non abbiamo|niente|nessun) budget|piu avanti|contratto(?: \\S+){0,4} (?:fino|scade|scadenza|in corso)|altre priorita|in un altro momento|progett\\w+ (?:ferm\\w|congelat\\w|sospes\\w)",
    ],
    unless: ['ferie', 'fuori ufficio', 'non sono io', 'non me ne occupo'],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      "no,? grazie|grazie,? (?:ma )?no|^no$|^no[, ](?=non |ci |mi |grazie|siamo|abbiamo)|non (?:ci|mi|vi)(?: \\S+)? (?:interessa\\w*|serve|servono|convince|occorre)|non (?:\\S+ ){0,3}?(?:interessat\\w|abbiamo bisogno|ho bisogno|abbiamo interesse|ho interesse|c'e interesse|necessitiamo|ne abbiamo bisogno|ne ho bisogno|fa per noi|fa per me|fa al caso|vediamo|vedo|vogliamo|intendiamo|e per noi|e di nostro|e quello|procedere|proseguire|cerchiamo|stiamo cercando|rientra nei|procederemo|procediamo|utilizziamo)",
      '(?:nessun|alcun) (?:interesse|bisogno|necessita)|senza interesse|abbiamo deciso di (?:non|rimanere|restare|continuare)|abbiamo scelto un altr\\w|declin\\w+|rifiut\\w+|rinunci\\w+|troppo (?:caro|cara|costoso|costosa)|passo,? grazie',
    ],
    unless: [
      'non solo',
      "non c'e problema",
      'nessun problema',
      'non lavora',
      'non me ne occupo',
      'non sono io',
      'non esiti',
      'no,? non (?:e|sono) (?:io|la)',
    ],
  },
  {
    class: 'not_interested',
    fixed: true,
    weak: true,
    when: [
      '(?:gia) (?:\\S+ ){0,2}?(?:un|una|fornitor\\w+|partner|coperti|in uso|servit\\w+|organizzat\\w+|strutturat\\w+)|(?:abbiamo|ho|usiamo|lavoriamo|utilizziamo|siamo|collaboriamo) gia|(?:siamo|sono) (?:\\S+ )?(?:soddisfatt\\w|content\\w|a posto|apposto|copert\\w)|internamente',
    ],
    unless: ['non (?:siamo|sono) (?:content|soddisfatt)'],
  },
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      '(?:niente|basta|stop|nessuna|mai|piu)(?: con)?(?: le| piu| altre)? (?:e-?mail|mail|messaggi|comunicazioni|spam|pubblicita)(?: \\S+)? ?(?:per favore|grazie|$)?|(?:toglie\\w*|cancella\\w*|rimuove\\w*|elimina\\w*|leva\\w*)(?:mi|temi|teci|ci)?(?: \\S+){0,4} (?:lista|elenco|database|mailing|dati|indirizzo|mail|contatti|rubrica|sistema)|(?:esigo|chiedo|richiedo|pretendo|chiediamo|domando)(?: \\S+){0,4} (?:cancellazione|rimozione|eliminazione|disiscrizione|di essere (?:cancellat|rimoss|eliminat|tolt)\\w*)|non ho (?:mai )?(?:dato|autorizzato|prestato)(?: \\S+){0,3}|(?:segno|segnare|segnalo|segnalero|contrassegn\\w+)(?: \\S+){0,3} come spam|blocco|blocchero|bloccat\\w+|evitate di|evitare di (?:scriver|contattar|inviar)\\w*|astenetevi|astenersi',
    ],
    unless: ['(?:possono|gli utenti|i clienti)'],
  },
  {
    class: 'hostile',
    fixed: true,
    when: [
      'molestator\\w+|molesti\\w*|stupid\\w+|bugiard\\w+|imbroglion\\w+|cialtron\\w+|ridicol\\w+|patetic\\w+|ladri|rompiballe|rompipalle|scocciator\\w+|piantatela|avvocat\\w+|ma andate|che schifo|maledett\\w+|fuori dai piedi|levatevi',
    ],
    unless: ['studio legale|siamo avvocati'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      "(?:prima (?:di|del|della|dell'|dello)|non prima|fino a(?:l|lla|ll')?) ?(?:autunno|estate|inverno|primavera|gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre|prossimo|anno|natale|fine)(?: \\S+){0,3}|(?:abbiamo|ho) (?:appena|gia) (?:rinnovato|firmato|scelto|cambiato|sottoscritto)(?: \\S+){0,4}|(?:ne )?riparl\\w+|piu avanti|troppo presto|prematur\\w+|forse (?:piu avanti|in|il|l'anno|tra|piu tardi)|magari (?:piu avanti|in|il|l'anno|tra|piu tardi)|un'altra (?:volta|occasione)|tra (?:qualche|alcuni|sei|tre)|in piena (?:ristrutturazione|migrazione|fusione|riorganizzazione)|oberat\\w+|sommers\\w+|troppo impegnat\\w+",
    ],
    unless: ['ferie|fuori ufficio|assente'],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      'non (?:e|fa) (?:cosa )?(?:per|al)(?: \\S+)? ?(?:noi|me|caso)|non (?:ci|mi) (?:convince|serve|conviene|interessa|attira|aiuta)|(?:abbiamo|e) (?:gia )?(?:risolto|coperto|coperti|provveduto)|non (?:intendiamo|pensiamo|vogliamo|prevediamo|abbiamo intenzione|siamo (?:interess|alla ricerca))(?: \\S+){0,3}|preferiamo (?:non|restare|rimanere|continuare)|lasciamo (?:stare|perdere)|non insist\\w+|(?:e|risulta) troppo (?:car\\w|compless\\w|grande)|in bocca al lupo',
    ],
    unless: ['non solo|nessun problema', '(?:lunedi|martedi|mercoledi|giovedi|venerdi|alle \\d)'],
  },
  {
    class: 'not_interested',
    fixed: true,
    weak: true,
    when: ['buona fortuna|buon proseguimento|auguri per'],
  },
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      '(?:voglio|vogliamo|vorrei|desidero|chiedo di)(?: \\S+)? (?:uscire|essere (?:rimoss|tolt|cancellat|esclus)\\w+|togliermi|cancellarmi)(?: \\S+){0,3} ?(?:lista|elenco|mailing)?|(?:niente|nessuna|senza|no|non (?:voglio|vogliamo|gradisco|accetto)) (?:piu )?(?:pubblicita|spam|offerte|proposte commerciali|promozioni)|non (?:avete|ha|avevate) (?:il diritto|diritto|il permesso|il mio consenso|autorizzazione)',
    ],
    unless: ['uscire (?:dal|per) (?:lavoro|pranzo)'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: ['ricord\\w+(?: \\S+){0,2} (?:tra|fra|a|in|dopo|per)(?: \\S+){1,3}|(?:tra|fra) \\S+ (?:mesi|settimane)'],
    unless: ['rientr|torn|ferie'],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: ['non (?:vogliamo|voglio|intendiamo|pensiamo di) (?:cambiare|sostituire|acquistare|comprare)'],
  },
  {
    class: 'hostile',
    fixed: true,
    when: ['truffator\\w+|imbroglion\\w+|ladr[io]'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      "(?:riprend\\w+|ved\\w+|sent\\w+|riparl\\w+|torn\\w+)(?: \\S+){0,3} (?:dopo|al rientro|piu avanti)|dopo (?:le|la|l'|il) ?(?:vacanze|ferie|feste|estate|natale|pasqua|agosto)|alta stagione|quando (?:tutto|questo|avremo|saremo|sara)",
    ],
    unless: ['^sono in ferie|saro'],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      "non (?:ne |ci )?(?:vediamo|vedo|troviamo|trovo) (?:l'|la |alcuna |nessuna |il )?(?:utilita|senso|uso|valore|beneficio|necessita|vantaggio)|(?:devo|dobbiamo|preferisco|preferiamo) (?:declinare|rifiutare|dire di no|non|rinunciare)|(?:restiamo|rimaniamo|continuiamo) con(?: \\S+){1,3}|(?:abbiamo|ho) (?:scelto|optato|preferito)(?: \\S+){0,4}",
    ],
  },
  {
    class: 'hostile',
    fixed: true,
    when: [
      'cretinat\\w+|stupidaggini|scemenze|sciocchezze|boiate|basta con (?:queste|questa) (?!mail|e-?mail|comunicazion|messagg)\\S+',
    ],
  },
];

import type { LanguageRules } from './rules.ts';

const day =
  '(?:oggi|domani|dopodomani|lunedi|martedi|mercoledi|giovedi|venerdi|la prossima settimana|prossima settimana|settimana prossima|questa settimana)';
const time =
  '(?:alle (?:ore )?\\d{1,2}(?:[:.]\\d\\d)?|\\d{1,2}:\\d\\d|ore \\d{1,2}|dalle \\d{1,2}|in mattinata|mattina|nel pomeriggio|pomeriggio|mezzogiorno)';
const thing =
  '(?:info|informazioni|dettagli|dettaglio|documentazione|brochure|listino|preventivo|prezzi|prezzo|offerta|proposta|presentazione|demo|materiale|catalogo|esempi|quotazione|link|scheda|contratto|casi studio|referenze|prova)';

export const italian: LanguageRules = {
  language: 'it',
  words:
    "lunedi martedi mercoledi giovedi venerdi il lo la i gli le di del della dei e non ci mi mio mia suo sua vostra vostro nostro nostra per con che una un in al alla sono siamo abbiamo ho grazie buongiorno salve gentile saluti questo questa come quando dove quale anche piu gia ma se da dal nel posso potete puo avete vi si c'e e' l'azienda",
  negators: 'non|mai|nessun|nessuna|nessuno|senza|ne|niente|nulla|neanche|nemmeno',
  contrast: 'ma|pero|tuttavia|bensi|anche se|perche|quindi|invece|comunque',
  doubt: 'non so se|non sono sicur[oa] (?:se|che|di)|se (?:lei|voi|le|vi|foste|fosse)|qualora',
  forNow:
    "al momento|in questo momento|per ora|per il momento|attualmente|adesso|ora|quest'anno|ancora|oggi come oggi|ad oggi",
  formerly: "all'inizio|inizialmente|finora|in passato|in un primo momento",
  urgent: 'urgente|urgenti|urgenza|urgenze|in mia assenza|durante la mia assenza|in mia vece',
  asks: "quale|quali|come|quando|quanto|quanti|quanta|dove|chi|perche|avete|ha|potete|puo|e' possibile|e possibile|si puo|c'e|esiste|funziona|offrite|cosa|che cosa|in che",
  back: '(?:di |al mio |sono di )?(?:ritorno|rientro)(?: in ufficio)?(?: il| dal| previsto)*|rientro|rientrero(?: in ufficio)?|torno(?: in ufficio)?|tornero(?: in ufficio)?|rientriamo|a partire da(?:l|lla)?|dal|da|nuovamente (?:in ufficio|disponibile|operativ\\w+)(?: da(?:l)?)?|di nuovo (?:in ufficio|disponibile|operativ\\w+)|riapr\\w+|rispondero|riprendero|saro di nuovo',
  until: "fino a(?:l|ll')?|sino a(?:l|ll')?|al|-|–|—",
  inclusive: 'compreso|compresa|incluso|inclusa|-|–|—',
  untilIsInclusive: true,
  months: [
    'gen(?:naio)?',
    'feb(?:braio)?',
    'mar(?:zo)?',
    'apr(?:ile)?',
    'mag(?:gio)?',
    'giu(?:gno)?',
    'lug(?:lio)?',
    'ago(?:sto)?',
    'set(?:tembre)?',
    'ott(?:obre)?',
    'nov(?:embre)?',
    'dic(?:embre)?',
  ],
  weekdays: ['lunedi', 'martedi', 'mercoledi', 'giovedi', 'venerdi', 'sabato', 'domenica'],
  tomorrow: 'domani',
  nextWeek: 'la prossima settimana|prossima settimana|settimana prossima',
  next: 'prossimo|prossima',
  rules: [
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
      class: 'left_company',
      fixed: true,
      when: [
        "non (?:\\S+ ){0,2}?(?:lavora|lavoro|e|sono|fa|faccio|opera|collabora|ricopre) (?:piu|parte)(?: \\S+){0,4} ?(?:qui|con noi|per|in azienda|nell'azienda|della|parte|presso|da noi|nostra|dipendente|in forza)?|non fa(?:ccio)? piu parte|non e piu (?:in|con|un|una|nostr\\w+|dipendente|presso)",
        "(?:ha|ho|hanno|aveva) (?:\\S+ )?(?:lasciato|cessato|terminato|concluso)(?: \\S+){0,2} ?(?:l'azienda|la societa|azienda|la ditta|l'organizzazione|il gruppo|l'incarico|collaborazione|rapporto|lavoro|$)|(?:e|sono|va|vado|andato|andata) (?:\\S+ )?in pensione|pensionat\\w+|decedut\\w+|venut\\w+ a mancare|mio ultimo giorno|suo ultimo giorno|ultimo giorno (?:di lavoro|in azienda)|(?:mio|mia|suo|sua|il|la) (?:successor\\w+|sostitut\\w+)|(?:ha preso|prende|prendera|ha assunto) il (?:mio|suo) posto|ex (?:collega|dipendente)|si e dimess\\w+|mi sono dimess\\w+|ho cambiato (?:azienda|lavoro)|ha cambiato (?:azienda|lavoro)",
      ],
      unless: ['in mia assenza', 'non (?:e|siamo|sono) piu interessat'],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        'non (?:sono|e|siamo|sarei)(?: \\S+){0,2} (?:la persona (?:giusta|adatta|corretta|indicata|competente)|il (?:referente|responsabile|contatto|destinatario|decisore)|la (?:referente|responsabile)|responsabile|competente|di mia competenza|io|la mia area|il mio (?:settore|campo|ambito|compito)|mia (?:competenza|area))|non e (?:di )?mia competenza|non rientra',
        '(?:persona|contatto|ufficio|indirizzo|destinatario|reparto|referente) (?:sbagliat\\w+|errat\\w+)|sbagliat\\w+ (?:persona|contatto|indirizzo|destinatario|ufficio)|ha sbagliato|avete sbagliato|hai sbagliato|non (?:me|mi) ne occupo|non mi occupo|non me ne occupo|non (?:gestisco|decido|seguo|tratto)(?: io)?',
        "(?:scriv\\w+|contatt\\w+|parl\\w+|rivolg\\w+|chied\\w+|provi|provate|inoltr\\w+|indirizz\\w+)(?:si|tevi|ti)?(?: \\S+){0,3}? (?:a|al|alla|all'|con|il|la|lo|direttamente|pure|allo|ai) ?(?!(?:voce|breve|settembre|partire|piu presto|fine|me|domani)\\b)(?:mi[oa] (?:collega|responsabile|capo|soci\\w+)|collega|responsabile|ufficio|nostr\\w+ \\w+|direttore|direttrice|dott\\w*|sig\\w*|reparto|agenzia|[a-z]+ [a-z]+|[a-z]+|\\S+@)",
        "(?:se ne occupa|se ne occupano|ne occupa|di questo si occupa|si occupa|si occupano|gestisce|gestiscono|segue|seguono|decide|decidono|gestito|gestita|seguito|seguita|curato|competenza)(?: \\S+){0,3} (?:di|da|dal|dalla|dall'|il|la|l'|lo|mio|mia|nostro|nostra|un|una|del|della|dell'|[a-z]+)|(?:il|la|l') ?(?:responsabile|referente|ufficio \\w+|reparto \\w+|agenzia|collega \\w+|direzione)(?: \\S+){0,4} (?:si occupa|se ne occupa|gestisce|segue|decide|e (?:il|la|lo))|(?:il referente|la referente|il responsabile|la responsabile|persona giusta|persona di riferimento)(?: \\S+){0,3} e ",
        "(?:inoltro|inoltrato|girato|giro|passo|passato|metto in copia|in copia|ho messo|inoltrero|girero|trasmesso|trasmetto)(?: \\S+){0,6} ?(?:a|al|alla|all'|copia|collega|collegh\\w+|ufficio)",
      ],
      unless: ['in mia assenza', 'urgen', 'chi (?:e|si occupa|gestisce)', 'passo alla'],
    },
    {
      class: 'out_of_office',
      fixed: true,
      when: [
        "(?:sono|saro|siamo|saremo|resto|restero|attualmente|momentaneamente|e)(?: \\S+){0,4} (?:fuori (?:ufficio|sede|dall'ufficio)|in ferie|in vacanza|assente|assenti|in viaggio|in trasferta|in maternita|in congedo|in malattia|in permesso|chius\\w+|fuori|non (?:disponibile|raggiungibile)|all'estero|in fiera|irraggiungibile)",
        'fuori ufficio|fuori sede|assenza|congedo (?:parentale|di maternita|matrimoniale)|(?:ufficio|uffici|azienda|sede)(?: \\S+){0,3} chius\\w+|chiusura (?:estiva|aziendale|natalizia)|accesso limitato|(?:rientrero|rientro|tornero|torno|rientreremo)(?: \\S+)? (?:in ufficio|il|al lavoro|dal|a partire|lunedi|martedi|mercoledi|giovedi|venerdi)|al (?:mio )?rientro|^assente|^in ferie|in ferie',
      ],
      unless: ['dopo le ferie', 'fuori (?:budget|discussione)'],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        '(?:risposta|messaggio|e-?mail|mail|conferma|notifica)(?: \\S+)? automatic\\w|generat\\w automaticamente|inviat\\w automaticamente|automaticamente|risponditore|conferma di ricezione',
        "(?:abbiamo|e stat\\w|e'? stata|risulta) (?:\\S+ )?(?:ricevut\\w|registrat\\w|apert\\w|assegnat\\w|pres\\w in carico)(?: \\S+)? ?(?:la sua|il suo|la tua|il tuo|la vostra|la|il|correttamente|con|$)|(?:sua|suo|vostra|tua) (?:richiesta|messaggio|email|e-mail|mail|segnalazione|comunicazione)(?: \\S+){0,3} (?:ricevut\\w|registrat\\w|pres\\w in carico|inoltrat\\w)|(?:numero|ticket|pratica|riferimento|protocollo)(?: d\\w+ \\w+)?(?: \\S+)? (?:e|n\\.?|#|\\d)",
        '(?:risponderemo|ricontatteremo|contatteremo|risponderanno|rispondera|daremo riscontro|provvederemo|ricontattera|daremo)(?: \\S+){0,5} ?(?:possibile|presto|breve|ore|entro|giorni|lavorativi|riscontro)|grazie per (?:averci|aver|avere) (?:contattat\\w|scritto)|(?:non rispondere|non rispondete|non risponda)(?: \\S+){0,4}|non e presidiat\\w|non presidiat\\w',
      ],
      unless: ['abbiamo ricevuto .{0,30} ma'],
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
      class: 'interested',
      negated: 'not_interested',
      when: [
        'interess\\w*|curios\\w*|incuriosi\\w*|mi piace|ci piace|ci serve|utile|allettante|convincente|convint\\w|fa al caso|pertinente|rilevante|stuzzica',
        "(?:sembra|suona|pare|sembrano)(?: \\S+)? (?:bene|interessante|ottimo|ottima|utile|perfetto|promettente|buono|buona|valido)|(?:stiamo|sto) (?:cercando|valutando)|cerchiamo|(?:avrei|abbiamo|avremmo|ho|c'e) bisogno|(?:vorrei|vorremmo|mi piacerebbe|ci piacerebbe|desidero|desideriamo|voglio)(?: \\S+)? (?:saperne|sapere|conoscere|provare|vedere|avere|ricevere|valutare|approfondire|capire)(?: \\S+){0,2} ?(?:piu|informazioni|di piu|meglio|demo|proposta|$)?|saperne di piu",
      ],
      unless: [
        '(?:suo|vostro) interesse',
        'ricevere (?:altre|ulteriori|le vostre)',
        "conflitto d'interess",
        'avvocat',
        '(?:le|vi) interess\\w+',
      ],
    },
    {
      class: 'interested',
      when: [
        `(?:mand\\w+|invi\\w+|gir\\w+|condivid\\w+|pass\\w+|trasmett\\w+|fornisc\\w+|fate\\w*|facci\\w*|avere|ricevere|prepar\\w+|fare)(?: \\S+){0,5} ${thing}`,
        "(?:mi|ci) (?:dica|racconti|dici|spieghi|spiega|dite|racconta)(?: \\S+)? (?:di piu|qualcosa|meglio)|(?:piu|maggiori|ulteriori) (?:informazioni|info|dettagli)|prossimi passi|^si, (?!ma)|^(?:si|certo|volentieri|perfetto|certamente|perche no|d'accordo|con piacere|assolutamente si|si grazie|si certo|si volentieri)(?: (?:grazie|volentieri|certo|pure|mandi|prego|mi interessa|procediamo))*$|come (?:procediamo|iniziamo|si procede|si attiva|partire|attivare)|procediamo|(?:prova|trial) gratuit\\w|periodo di prova|volentieri",
      ],
      unless: ['in copia', 'non'],
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
      class: 'meeting_request',

      when: [
        `(?:chiam\\w+|richiam\\w+|telefon\\w+)(?:mi|ci|temi)?(?: \\S+){0,6} (?:${day}|${time}|al \\d|al numero|al mio|sul|quando|prima|dopo|tra|pure)|mi chiami|chiamami|chiamatemi|mi richiami|mi chiami pure|puo chiamarmi|potete chiamarmi`,
        `(?:possiamo|potremmo|puoi|puo|potete|potrebbe|fissiamo|fissare|organizziamo|organizzare|programmiamo|pianifichiamo|sentiamoci|sentirci|ci sentiamo|ci vediamo|vediamoci|incontriamoci|incontrarci|facciamo|fare|parliamone|parlarne|concordiamo|proporre|propongo|proponga|va bene|le va|ti va|le andrebbe|disponibile per|disponibili per)(?: \\S+){0,6} (?:sentirci|vederci|incontrarci|parlare|parlarne|riunione|call|chiamata|videochiamata|telefonata|demo|appuntamento|incontro|${day}|${time}|teams|zoom|meet|caffe)`,
        `(?:${day}|${time})(?: \\S+){0,6} (?:va bene|mi va|ci va|per me|posso|possiamo|disponibile|libero|libera|perfetto|ok|sarebbe|ho|sono libero|andrebbe)|(?:sono (?:libero|libera|disponibile)|siamo (?:liberi|disponibili)|ho disponibilita|disponibilita|posso)(?: \\S+){0,4} (?:${day}|${time})`,
        "(?:mand\\w+|invi\\w+|propon\\w+|indich\\w+|suggerisc\\w+)(?: \\S+){0,3} (?:invito|l'invito|orari|date|disponibilita|calendario|agenda|slot)|(?:quando|che giorno|a che ora|in che orario)(?: \\S+){0,4} (?:sentirci|parlare|chiamarla|chiamarvi|incontrarci|libero|libera|disponibile|possiamo|disponibili)|(?:mio|del mio) (?:calendario|calendly)|mia agenda|link (?:per|alla) (?:prenotare|mia agenda)|(?:fissare|fissiamo|prenotare|prenota) (?:una |un )?(?:call|appuntamento|incontro|riunione|chiamata|demo)",
      ],
      unless: ['ferie', 'fuori ufficio', 'in mia assenza', 'trimestre', 'semestre'],
    },
  ],
};

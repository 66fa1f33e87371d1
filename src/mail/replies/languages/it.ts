import { italianHints } from './it-hints.ts';
import { italianRefusals } from './it-refusals.ts';
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
  occasions: {
    places: 'fiera|conferenza|congresso|evento|corso|seminario',
    present: 'sono|saro|siamo|saremo|mi trovo|resto|restero|attualmente|momentaneamente|e',
    meets: 'ci vediamo|veder\\w+|incontr\\w+|conoscer\\w+|venite|visit\\w+|stand',
  },
  plans: {
    when: 'guardo|guardero|guarderemo|leggo|leggero|leggeremo|esaminero|esamineremo|valutero|valuteremo|verifichero|verificheremo|discuteremo|ne discutiamo|ne parleremo|rispondero|risponderemo|(?:vi|ti|le) (?:faccio|facciamo|faro|faremo) sapere',
    unless:
      'chiam\\w+|sentir\\w*|ci sentiamo|telefon\\w+|call|riunione|incontr\\w+|appuntamento|video\\w*|zoom|teams|disponib\\w+|liber[oai]|agenda|con (?:lei|te|voi)|insieme|vederci|ci vediamo|invito|demo',
  },
  back: '(?:di |al mio |sono di )?(?:ritorno|rientro)(?: in ufficio)?(?: il| dal| previsto)*|rientro|rientrero(?: in ufficio)?|torno(?: in ufficio)?|tornero(?: in ufficio)?|rientriamo|a partire da(?:l|lla)?|dal|da|nuovamente (?:in ufficio|disponibile|operativ\\w+)(?: da(?:l)?)?|di nuovo (?:in ufficio|disponibile|operativ\\w+)|riapr\\w+|rispondero|rispondo|risponderemo|leggo|leggero|torniamo|torneremo|rientreremo|riprendero|riprendiamo|saro di nuovo',
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
  afterTomorrow: 'dopodomani',
  nextWeek: 'la prossima settimana|prossima settimana|settimana prossima',
  next: 'prossimo|prossima',
  rules: [
    ...italianRefusals,
    ...italianHints,
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
        'non (?:sono|e|siamo|sarei)(?: \\S+){0,2} (?:la persona (?:giusta|adatta|corretta|indicata|competente)|il (?:referente|responsabile|contatto|destinatario|decisore)|la (?:referente|responsabile)|responsabile|competente|di mia competenza|io|la mia area|il mio (?:settore|campo|ambito|compito)|mia (?:competenza|area))|non e (?:di )?mia competenza|non rientra(?! (?:nei|nelle|tra i|fra i|nel) (?:nostr\\w+|piani|programmi|budget))',
        '(?:persona|contatto|ufficio|indirizzo|destinatario|reparto|referente) (?:sbagliat\\w+|errat\\w+)|sbagliat\\w+ (?:persona|contatto|indirizzo|destinatario|ufficio)|ha sbagliato|avete sbagliato|hai sbagliato|non (?:me|mi) ne occupo|non mi occupo|non me ne occupo|non (?:gestisco|decido|seguo|tratto)(?: io)?',
        "(?:scriv\\w+|contatt\\w+|parl\\w+|rivolg\\w+|chied\\w+|provi|provate|inoltr\\w+|indirizz\\w+)(?:si|tevi|ti)?(?: \\S+){0,3}? (?:a|al|alla|all'|con|il|la|lo|direttamente|pure|allo|ai) ?(?!(?:voce|breve|settembre|partire|piu presto|fine|me|domani)\\b)(?:mi[oa] (?:collega|responsabile|capo|soci\\w+)|collega|responsabile|ufficio|nostr\\w+ \\w+|direttore|direttrice|dott\\w*|sig\\w*|reparto|agenzia|[a-z]+ [a-z]+|[a-z]+|\\S+@)",
        "(?:se ne occupa|se ne occupano|ne occupa|di questo si occupa|si occupa|si occupano|gestisce|gestiscono|segue|seguono|decide|decidono|gestito|gestita|seguito|seguita|curato|competenza)(?: \\S+){0,3} (?:di|da|dal|dalla|dall'|il|la|l'|lo|mio|mia|nostro|nostra|un|una|del|della|dell'|[a-z]+)|(?:il|la|l') ?(?:responsabile|referente|ufficio \\w+|reparto \\w+|agenzia|collega \\w+|direzione)(?: \\S+){0,4} (?:si occupa|se ne occupa|gestisce|segue|decide|e (?:il|la|lo))|(?:il referente|la referente|il responsabile|la responsabile|persona giusta|persona di riferimento)(?: \\S+){0,3} e ",
        "(?:inoltro|inoltrato|girato|giro|passo|passato|metto in copia|in copia|ho messo|inoltrero|girero|trasmesso|trasmetto)(?: \\S+){0,6} ?(?:a|al|alla|all'|copia|collega|collegh\\w+|ufficio)",
      ],
      unless: [
        '(?:ne )?(?:parlo|parlero|chiedo|chiedero) con',
        'in mia assenza',
        'urgen',
        'chi (?:e|si occupa|gestisce)',
        'passo alla',
        'di nuovo|nuovamente',
      ],
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
      class: 'left_company',
      fixed: true,
      when: [
        "non (?:e|fa|lavora|risulta|sono|faccio|lavoro)(?: \\S+)? piu(?: \\S+){0,3}? ?(?:organico|azienda|noi|qui|parte|dipendente|societa|servizio)|(?:cambiato|cambia) (?:azienda|lavoro|societa|impiego)|(?:lasciato|lascia|lascio) (?:l'azienda|la societa|il lavoro|l'incarico|il posto|il gruppo)|dimess\\w+|dimission\\w+|licenziat\\w+|nuovo (?:lavoro|impiego|datore)|nessuno con questo nome|ex dipendent\\w+|in quiescenza",
      ],
      unless: ['non (?:e|siamo|sono) piu (?:interess|disponibil)'],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        "(?:deve|dovrebbe|dovreste|dovete|bisogna|meglio|conviene|puo)(?: \\S+)? ?(?:parlare|contattare|scrivere|chiedere|rivolgersi|sentire|parlarne|discuterne|rivolgervi)(?: \\S+)? (?:con|a|al|alla|all'\\S+|il|la) (?!(?:me|noi)\\b)\\S+(?: \\S+)?|sono (?:solo|soltanto|semplicemente)(?: \\S+){1,3}|(?:decide|decidono|ci pensa|gestisce|segue|vede)(?: \\S+){0,2} (?:il mio|la mia|il nostro|la nostra|il|la|mio|altri|un altro|l'\\S+)(?: \\S+){0,2}|non (?:decido|compro|mi compete|compete a me|dipende da me|e di mia|tocca a me|ho potere)|(?:decisione|tema|questione|competenza) (?:del|della|dell'\\S+|di)(?: \\S+){1,2}|cambiato (?:ufficio|reparto|ruolo)|sede centrale",
      ],
      unless: [
        'in mia assenza|urgen',
        'chi (?:e|sarebbe|decide)',
        '(?:lunedi|martedi|mercoledi|giovedi|venerdi|domani) (?:alle|mattina)',
      ],
    },
    {
      class: 'interested',
      fixed: true,
      when: [
        "(?:proprio|esattamente|e|appunto) (?:quello|cio)(?: \\S+)? che (?:cerc\\w+|ci serv\\w+|vol\\w+|stav\\w+)|(?:quanto|che prezzo)(?: \\S+)? per \\d+(?: \\S+)?$|(?:mi|ci) (?:ha|avete|hai) (?:incuriosit\\w+|convint\\w+|interessat\\w+)|(?:avete|ha|c'e|esiste)(?: \\S+)? (?:pdf|brochure|catalogo|presentazione|demo|video|listino)|(?:mio|mia|nostro|nostra) (?:capo|team|direttore|direttrice|titolare)(?: \\S+){0,3} (?:interess\\w+|vuole|piace)|vorrei provar\\w+|proviamo|andiamo avanti|ci sto|contate su",
      ],
      unless: ['non ', 'cancell', 'rimuov'],
    },
    {
      class: 'out_of_office',
      fixed: true,
      when: [
        '^in ferie|^(?:torno|rientro|di ritorno)(?: \\S+)? (?:il|lunedi|martedi|mercoledi|giovedi|venerdi|\\d)|(?:ritardo|ritardi)(?: \\S+){0,3} (?:rispondere|risposta|risposte)|saro fuori',
      ],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        '(?:operator\\w+|team|consulent\\w+|addett\\w+|incaricat\\w+|collega|staff|responsabile)(?: \\S+){0,4} (?:le |la |vi |ti )?(?:risponder\\w+|contatter\\w+|ricontatter\\w+|fornir\\w+)|a breve|orari di (?:apertura|ufficio)|confermiamo (?:la )?ricezione',
      ],
      unless: ['non (?:ci|mi|siamo|sono) interess|da parte nostra'],
    },
    {
      class: 'interested',
      negated: 'not_interested',
      when: [
        '(?:potrebbe|puo|potrebbero)(?: \\S+){0,2} (?:andare|servire|funzionare|andar bene|aiutar\\w+|interessar\\w+|essere utile|fare al)(?: \\S+)?|(?:sono|siamo|resto) apert\\w+ a|prezzo (?:minimo|base|per \\d)|(?:che|quali) (?:dati|informazioni) (?:vi )?(?:serv\\w+|occorr\\w+)|proviamo|vorrei provare|attivate(?:mi)?(?: \\S+)? (?:accesso|account|prova)',
      ],
      unless: ['non ', 'cancell'],
    },
    {
      class: 'interested',
      fixed: true,
      when: [
        '(?:mand|invi|pass|mostr)\\w+(?: \\S+){0,2} (?:quello che|cio che|tutto cio che|quanto) (?:ha|avete|hai)|(?:confrontando|valutando|esaminando|comparando|cercando)(?: \\S+){0,2} (?:soluzioni|opzioni|fornitori|alternative|strumenti|offerte)',
      ],
      unless: ['non '],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: ["non dipende da me|non e una mia decisione|chied\\w+ (?:a|al|alla|all'\\S+)(?: \\S+){1,2}"],
      unless: ['urgen|assenza'],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        '(?:messaggio|richiesta|mail|e-?mail|segnalazione)(?: \\S+){0,2} (?:arrivat\\w|pervenut\\w|giunt\\w)(?: \\S+){0,4}|(?:riferimento|protocollo|pratica) ?:? ?\\S{0,4}\\d{2,}',
      ],
      unless: ['tardi'],
    },
    {
      class: 'meeting_request',
      fixed: true,
      when: [
        '(?:potrei|posso|possiamo|potremmo|riesco)(?: \\S+){0,3} (?:lunedi|martedi|mercoledi|giovedi|venerdi|domani)|tra le \\d+\\S* e le \\d',
      ],
      unless: ['ferie|assente|non (?:posso|riesco)'],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        'non decid\\w+ (?:nulla|niente|io)|sono (?:\\S+ ){0,2}?(?:consulente|collaborator\\w+|stagist\\w+|tirocinant\\w+|esterno|esterna|apprendist\\w+)|(?:si rivolga|rivolg\\w+|scriv\\w+|invi\\w+|mand\\w+|contatt\\w+|inoltr\\w+)(?: \\S+){0,3} \\S+@\\S+',
      ],
      unless: ['urgen|in mia assenza', '(?:invi|mand)\\w*mi|mi (?:invi|mand)'],
    },
    {
      class: 'left_company',
      fixed: true,
      when: ["non (?:c'e|e|ci sono) piu$|non c'e piu|casella(?: \\S+){0,4} (?:chius|disattivat|eliminat)\\w+"],
      unless: ['interess|disponibil|bisogno'],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        '(?:elevato|gran|alto|grande)(?: \\S+)? (?:numero|volume|quantita) di(?: \\S+)?|tempi di (?:risposta|attesa|gestione)|(?:risposta|risposte)(?: \\S+){0,3} (?:ritard\\w+|allung\\w+|richiedere)|(?:ringraziamo|grazie)(?: \\S+){0,3} pazienza|no-?reply',
      ],
    },
    {
      class: 'meeting_request',
      fixed: true,
      when: [
        '(?:meglio|preferisco|preferirei)(?: \\S+)? (?:al telefono|per telefono|di persona|una chiamata|sentirci)|(?:passi|venga|venite|passate|visit\\w+)(?: \\S+){0,3} (?:in ufficio|da noi|nostra sede|in sede)|(?:spostare|rimandare|anticipare|rinviare)(?: \\S+){0,3} (?:riunione|call|appuntamento|alle|a)|(?:quando|a che ora) (?:puo|possiamo|potete|ci sentiamo|le va)',
      ],
      unless: ['ferie|assenza|ufficio fino'],
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

import type { Rule } from './rules.ts';

const unit =
  "(?:la |il |lo |l'|i |gli |nostra |nostro |mia |mio |un |una )?(?:sede(?: \\S+)?|casa madre|centrale|ufficio(?: \\S+){0,2}|acquisti|direzione|titolare|capo|responsabile|agenzia|amministrazione|reparto(?: \\S+)?|marketing|socio|socia|gruppo|proprietario|holding)";

/** What Italian speakers say without the words that the other rules look for. */
export const italianHints: readonly Rule[] = [
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      '(?:disiscriv|cancell|rimuov|elimin|togli|togl|depenn|escl)(?:i|ete|a|ate|ere|are|udete|udi|etemi|imi|atemi|ami|eteci|ateci|armi|ermi|endo)?(?:mi|ci|temi|teci|lo|la)?(?: \\S+){0,5} (?:liste?|lista|database|dati|mail|e-?mail|email|indirizzo|mailing|contatt\\w+|nominativo|newsletter|iscrizione|archivi\\w*|registr\\w+|invii)|(?:disiscriv|cancell|rimuov|elimin|togli)(?:imi|temi|etemi|atemi|ami|teci|eteci|ateci|ermi|armi)(?: \\S+){0,3}|(?:cancellazione|rimozione|eliminazione|disiscrizione|disdetta)(?: \\S+){0,6}|(?:chiedo|richiedo|esigo|desidero|vorrei|voglio)(?: \\S+){0,3} (?:essere (?:rimoss\\w+|cancellat\\w+|eliminat\\w+|toltr?\\w+|esclus\\w+)|la (?:cancellazione|rimozione|disiscrizione)|disiscriver\\w+|cancellar\\w+)',
      "(?:non|mai|nemmeno)(?: \\S+){0,4} (?:inviate|inviat\\w+|invi|inviarmi|mandate|mandatemi|mandi|mandarmi|scrivete\\w*|scriva|scrivere|scrivermi|contattat\\w+|contatti|contattarmi|ricevere|disturbat\\w+|disturbi|insist\\w+|importun\\w+|mandare|inviare)(?: (?:piu|mai|altre|altri|nulla|niente|mail|messaggi|email|pubblicita))?(?: \\S+){0,3}(?<!non esiti.*)|(?:smett|piant|finit|cess|ferm)(?:etela|ete|ila|atela|ate|a|i|ere|are)(?: \\S+)? (?:di|con)(?: \\S+){1,5}|(?:basta|niente|nessun\\w*|stop|no)(?: \\S+){0,3} (?:pubblicita|mail|e-?mail|email|messaggi|messaggio|comunicazioni|newsletter|spam|sollecit\\w+)(?: \\S+){0,3}$|non (?:voglio|desidero|intendo|vogliamo|desideriamo)(?: \\S+)? (?:piu|ricevere|essere contattat\\w+|altre)(?: \\S+){0,5}|(?:mi oppongo|oppos\\w+|diritto)(?: \\S+){0,6} (?:opposizione|oblio|cancellazione|trattamento|uso)|(?:gdpr|privacy)(?: \\S+){0,8} (?:cancell\\w+|rimuov\\w+|rimozion\\w+|elimin\\w+|oppo\\w+)|(?:come|dove)(?: \\S+){0,3} (?:mi (?:cancello|disiscrivo|tolgo)|disiscriv\\w+|cancellarmi|annull\\w+ l'iscrizione)|lasci(?:atemi|ami|ateci|mi|ate)(?: \\S+)? (?:in pace|stare)|(?:mai|non)(?: \\S+)? (?:autorizzato|acconsentito|richiesto|chiesto|iscritt\\w+|dato)(?: \\S+){0,5}",
    ],
    unless: [
      '(?:destinatari|clienti|contatti|utenti)(?: \\S+)? (?:possono|puo|si)',
      '(?:possono|puo)(?: \\S+)? (?:disiscriversi|cancellarsi)',
      'fino a (?:gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre|quando)',
      'non (?:ho|abbiamo) (?:ricevuto|potuto)|non esit\\w+',
      'non rispond\\w+',
      '(?:cancell|annull|spost)\\w+(?: \\S+){0,3} (?:appuntamento|riunione|incontro|call)',
      'si prega di non',
    ],
  },
  {
    class: 'hostile',
    fixed: true,
    when: [
      "(?:siete|sei|e) (?:\\S+ ){0,2}(?:dei |degli |delle |un |una |proprio )?(?:\\S+ )?(?:parassiti|truffator\\w+|ladri|idiot\\w+|imbecill\\w+|buffon\\w+|pagliacc\\w+|vergogn\\w+|schifo\\w*|delinquent\\w+|cretin\\w+|rompi\\w+|insopportabil\\w+|patetic\\w+)|(?:vergogn|schifos|fastidios|truff|imbroglion|stronz|cazz|merd|vaffanculo|fanculo|coglion|idiot|imbecill|cretin|buffon|pagliacc|spazzatura)\\w*|(?:andate|vai|vada|andatevene)(?: \\S+)? (?:al diavolo|a quel paese|all'inferno|a cagare|affanculo|a lavorare|via)|(?:denunci\\w+|querel\\w+|avvocat\\w+|garante|polizia|tribunale|segnal(?:o|ero|iamo|eremo|azione))(?: \\S+){0,4}|molest\\w+|rotto (?:le scatole|i coglioni|le palle)|avete (?:stufato|rotto|stancato)|ficcat\\w+",
    ],
    unless: [
      '(?:sono|siamo|studio di) avvocat\\w+|per avvocati',
      'segnal\\w+ (?:che|il problema|un errore)',
      'conforme(?: \\S+){0,3} garante',
      'studio legale (?:siamo|di)',
    ],
  },
  {
    class: 'left_company',
    fixed: true,
    when: [
      "(?:non|nemmeno)(?: \\S+){0,2} (?:lavora|lavoro|fa|faccio|e|sono|appartiene|collabora) piu(?: \\S+){0,4} ?(?:qui|con noi|parte|per noi|in azienda|dell'|della|nell'|nella|presso|in servizio)?(?: \\S+){0,2}|(?:ha|ho)(?: \\S+)? (?:lasciato|cambiato|abbandonato) (?:l'azienda|lavoro|azienda|la societa|la ditta|il posto|l'incarico|societa|impiego|la nostra)|(?:e|sono) (?:andat\\w+|ormai) in pensione|(?:si e )?(?:dimess\\w+|licenziat\\w+|pensionat\\w+|decedut\\w+|mancat\\w+|venut\\w+ a mancare|trasferit\\w+ ad altr\\w+)|in pensione|(?:nuovo lavoro|altro lavoro|altra societa presso|nuova azienda)(?: \\S+){0,2}|(?:mio|suo|il) (?:contratto|rapporto di lavoro)(?: \\S+){0,3} (?:terminato|scaduto|finito|concluso|cessato)|nessuno con questo nome|mio ultimo giorno",
    ],
    unless: [
      'non (?:e|sono) piu (?:interessat\\w+|disponibil\\w+|valid\\w+)',
      'ha lasciato (?:un messaggio|detto)',
      'fa parte d(?:i|ei|egli|elle)',
      'fondo pensione',
    ],
  },
  {
    class: 'wrong_person',
    fixed: true,
    when: [
      `(?:persona|indirizzo|numero|azienda|contatto) (?:sbagliat\\w+|errat\\w+)|(?:ha|avete|hai) sbagliato(?: \\S+){0,3}|(?:si|mi|vi)(?: \\S+)? (?:sbaglia|sta sbagliando|confonde|sta confondendo|ha confuso|scambiat\\w+|confuso)(?: \\S+){0,3}|scambio di persona|(?:il|la|l') ?(?:responsabile|referente|incaricat\\w+)(?: \\S+){0,3} e (?!(?:stato|stata)\\b)\\S+|omonim\\w+|(?:decide|decidono|gestisce|gestiscono|compra|compriamo|si occupa|se ne occupa|segue|tratta|cura|acquista|passa da|dipende da)(?: \\S+){0,3} ${unit}|${unit}(?: \\S+)? (?:decide|gestisce|compra|si occupa|se ne occupa|segue|e responsabile|acquista|cura)(?: \\S+){0,3}|non (?:sono|e|siamo)(?: \\S+){0,3} (?:la persona (?:giusta|adatta|corretta)|il responsabile|la responsabile|responsabile|io (?:a|che)|il referente|il mio (?:settore|compito|campo|ufficio)|di mia competenza|mia competenza|l'interlocutore)(?: \\S+){0,3}|non (?:me ne occupo|mi occupo|gestisco|decido|seguo|tratto|ci occupiamo)(?: \\S+){0,4}|(?:girat\\w+|giro|inoltr\\w+|passo|passato|passata|passiamo|passero|trasmess\\w+|trasmetto|trasferisco|ho girato)(?: \\S+){0,4} (?:a|al|alla|all'|ai|agli) ?(?:mio|mia|nostro|nostra|collega|responsabile|ufficio|reparto|direzione|competente|chi|\\S+)(?: \\S+){0,2}|(?:metto|mettendo|aggiungo|includo)(?: \\S+){0,2} (?:in copia|in cc)(?: \\S+){0,4}|(?:chied|parl|scriv|rivolg|contatt|sent|prov)(?:a|i|ete|ate|etevi|ersi|iti|asi|atevi)(?: pure| direttamente)? (?:a|al|alla|all'|con|il|la|l') ?(?!(?:me|noi|mio|mia)\\b)\\S+(?: \\S+){0,3}|(?:qui e|sono|questa e)(?: \\S+)? (?:una? )?(?:scuola|privat\\w+|insegnante|infermier\\w+|dentista|studente|studentessa|stagista|centralinista|pensionat\\w+)`,
    ],
    unless: [
      'urgen\\w+|in mia assenza|durante la mia',
      '(?:fiss\\w+|prend\\w+|concord\\w+)(?: \\S+){0,3} (?:appuntamento|riunione|incontro)',
      'rientra (?:nei|tra i)',
      '(?:chi|come)(?: \\S+){0,5}\\?$',
      'non presidiat\\w+|automatic\\w+',
      'passo (?:a|in) (?:trovar|ufficio)',
      'passare (?:a|in|al)',
      'di nuovo|nuovamente',
    ],
  },
  {
    class: 'auto_reply',
    fixed: true,
    when: [
      '(?:richiesta|messaggio|mail|e-?mail|email|segnalazione|ticket|candidatura|ordine|domanda|reclamo|pratica)(?: \\S+){0,4} (?:presa in carico|pres\\w+ in carico|ricevut\\w+|registrat\\w+|apert\\w+|creat\\w+|inoltrat\\w+|in lavorazione|assegnat\\w+|elaborat\\w+|pervenut\\w+)(?: \\S+){0,4}|(?:casella|indirizzo|posta|mailbox)(?: \\S+){0,3} non (?:e |viene )?(?:presidiat\\w+|monitorat\\w+|lett\\w+|controllat\\w+|abilitat\\w+)|(?:utilizz|us|compil)\\w+(?: \\S+)? (?:il|nostro|il nostro) (?:modulo|form|portale)|(?:un|il nostro|uno dei nostri|la nostra)(?: \\S+){0,2} (?:operator\\w+|team|consulent\\w+|addett\\w+|tecnic\\w+|squadra)(?: \\S+){0,2} (?:contattera|rispondera|ricontattera|prendera|esaminera)(?: \\S+){0,4}|automatic\\w+|autorisponditore|si prega di non rispondere|numero (?:di )?(?:pratica|ticket|richiesta|protocollo)|(?:le|vi|ti) (?:risponderemo|ricontatteremo|daremo riscontro)(?: \\S+){0,6}|orari\\w* di (?:apertura|ufficio)|(?:grazie per|la ringraziamo per|vi ringraziamo per|ringraziandola per) (?:averci|aver|la (?:sua |tua |vostra )?(?:richiesta|candidatura|mail|segnalazione|email)|il (?:suo|tuo|vostro) (?:messaggio|ordine|interesse))(?: \\S+)?',
    ],
    unless: [
      'non (?:siamo|sono|ci|mi)(?: \\S+)? interessa\\w*',
      '(?:^|, )ma ',
      '\\?$',
      '(?:vorrei|vorremmo|possiamo|mi piacerebbe)',
      'ferie|assente',
    ],
  },
  {
    class: 'out_of_office',
    fixed: true,
    when: [
      "(?:sono|saro|siamo|saremo|mi trovo)(?: \\S+){0,3} (?:in ferie|in vacanza|in trasferta|in viaggio|assente|assenti|fuori|in malattia|in maternita|in congedo|in permesso|ad una fiera|in fiera|in riunione|malat\\w+|chius\\w+|all'estero|senza accesso)(?: \\S+){0,4}|^(?:in ferie|in trasferta|in viaggio|assente|fuori ufficio|chiusura|chiusi)(?: \\S+){0,3}|(?<!(?:lo|la|li|le) )(?:rispondo|rispondero|leggo|leggero)(?: \\S+){0,3} (?:da|dal|il|al|quando|lunedi|martedi|mercoledi|giovedi|venerdi)(?: \\S+){0,3}|(?:chius\\w+|chiusura)(?: \\S+)? (?:per|estiva|invernale|natalizia|aziendale|fino|dal)(?: \\S+){0,3}|(?:riapriamo|riapre|riapriremo)(?: \\S+){0,3}|congedo (?:di )?(?:maternita|parentale|paternita)",
    ],
    unless: ['(?:sentirci|chiam\\w+|incontr\\w+|vederci)', 'dopo le ferie', '\\?$', 'in ritardo'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      "(?:mi |ci )?(?:ricontatt|riscriv|risent|riprov|richiam|ripass|riparl|ritorn|scriv|contatt|ricord|aggiorn)(?:i|a|ate|iamo|iamoci|iamone|ami|atemi|imi|etemi|ete|ateci|eteci|are|ere|o|ne)?(?:mi|ci|lo|ne)?(?: \\S+){0,4} (?:a (?:gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre)|in (?:autunno|primavera|estate|inverno|seguito)|dopo|tra|fra|piu avanti|piu tardi|l'anno prossimo|il prossimo|nel|il mese|quando|verso|a fine|a inizio|prossimo)(?: \\S+){0,4}|(?:altre|altri) (?:priorita|progetti|impegni|urgenze|pensieri)|(?:forse|magari|eventualmente|semmai)(?: \\S+){0,5}$|non e (?:\\S+ )?(?:il|un|buon|il momento|momento)(?: \\S+)? ?(?:momento|giusto|adatto)?(?: \\S+){0,3}|(?:momento|periodo) (?:sbagliat\\w+|poco adatto|difficile|complicat\\w+|intenso)|(?:adesso|ora|al momento|per ora|per il momento|quest'anno|attualmente|in questo momento)(?: \\S+)? non?(?: \\S+){0,5}|(?:abbiamo|ho) appena (?:firmato|rinnovato|cambiato|avviato|iniziato|investito|acquistato|implementato|concluso)(?: \\S+){0,4}|(?:budget|fondi)(?: \\S+){0,4} (?:esaurit\\w+|chius\\w+|bloccat\\w+|congelat\\w+|spes\\w+|impegnat\\w+|finit\\w+)|(?:contratto|vincolat\\w+|impegnat\\w+)(?: \\S+){0,5} (?:fino|sino|scade)(?: \\S+){0,3}|(?:in pien[ao]|nel bel mezzo|nel mezzo)(?: \\S+){0,4} (?:fusione|trasloco|ristrutturazione|migrazione|riorganizzazione|cambio)|(?:tengo|terro|teniamo|terremo|conservo)(?: \\S+){0,3} (?:contatt\\w+|presente|considerazione|proposta|mente)",
    ],
    unless: [
      '(?:in ferie|ufficio|assente)',
      '(?:lunedi|martedi|mercoledi|giovedi|venerdi|domani|alle \\d)',
      'non (?:scriv|contatt|ricontatt|insist)\\w+',
      'cambiato lavoro',
    ],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      "(?:facciamo|faccio|gestiamo|gestisco|curiamo|abbiamo|risolviamo|svolgiamo)(?: \\S+){0,3} (?:internamente|in casa|da soli|noi|all'interno|in autonomia|gia)|(?:abbiamo|siamo|usiamo|lavoriamo|utilizziamo|ho)(?: \\S+)? gia(?: \\S+){0,5}|gia (?:coperti|serviti|organizzati|attrezzati|forniti)|non (?:rientra|ne vedo|ne vediamo|vedo|vediamo|ci serve|mi serve|serve|ci occorre|fa per|e per noi|e adatt\\w+|e quello che|e di nostro|e in linea|procediamo|procedere|procederemo|intendiamo|intendo|vogliamo|voglio|abbiamo (?:bisogno|necessita|interesse|intenzione|esigenz\\w+)|ho (?:bisogno|interesse|intenzione)|c'e interesse|ci interessa|mi interessa|interessa|ci convince|mi convince|convince|usiamo|compriamo|acquistiamo|fa al caso|conviene|ci conviene|si adatta|corrisponde|risponde alle|siamo interessat\\w+|sono interessat\\w+|andremo|andiamo|daremo|diamo seguito)(?: \\S+){0,6}|(?:deciso|preferiamo|preferisco|optato|scelto)(?: \\S+){0,3} (?:di non|un altr\\w+|altr\\w+|restare|rimanere|continuare|di restare|di rimanere|di continuare)(?: \\S+){0,5}|(?:restiamo|rimaniamo|continuiamo)(?: \\S+)? con(?: \\S+){0,4}|(?:troppo|eccessivamente) (?:car\\w+|costos\\w+|complicat\\w+|grande)|fuori (?:dal nostro )?budget|(?:rifiut|declin|scart|rinunc)\\w+(?: \\S+){0,4}|(?:in bocca al lupo|buona fortuna|buon lavoro)(?: \\S+){0,4}$|soddisfatt\\w+ d\\w+|contenti d\\w+|(?:nessun|zero|scarso) (?:interesse|bisogno)|passo,? grazie",
    ],
    unless: [
      "(?:per ora|al momento|adesso|quest'anno|attualmente|per il momento) non",
      'non (?:siamo|sono) (?:content\\w+|soddisfatt\\w+)',
      '(?:avete|ha) gia|\\?$',
      'non vedo (?:il|la) (?:link|allegato|prezzo)',
      'non solo',
      'abbiamo gia (?:ricevuto|fissato|parlato)',
    ],
  },
  {
    class: 'interested',
    fixed: true,
    when: [
      "(?:vorrei|vorremmo|mi piacerebbe|ci piacerebbe|voglio|vogliamo|gradirei|gradiremmo)(?: \\S+){0,2} (?:provarlo|provare|vederlo|vedere|conoscere|sapere|saperne|ricevere|avere|testare|acquistare|iniziare|una demo|un preventivo|approfondire)(?: \\S+){0,3}|(?:mi|ci)(?: \\S+)? (?:racconti|dica|spieghi|spiegate|raccontate|dite|parli)(?: \\S+){0,3}|(?:raccont|dica|dicci|spiegh)\\w*(?:mi|ci|temi) (?:\\S+ )?di piu|(?:e|sembra)(?: \\S+)? (?:esattamente |proprio |giusto )?(?:quello|cio) che (?:ci serve|cerchiamo|cercavamo|mi serve|cerco|ci occorre|vogliamo)|come (?:si parte|iniziamo|procediamo|possiamo|si procede|funziona l'attivazione|partiamo|mi iscrivo|ordino|ci si iscrive)(?: \\S+){0,3}|(?:mand|invi|pass|prepar|fa|fornisc|giri|facc)(?:i|a|ate|atemi|ami|ateci|aci|imi|ici|temi|ia|iate|ino)?(?:mi|ci)?(?: \\S+){0,4} (?:preventivo|offerta|informazioni|info|listino|prezzi|tariffe|dettagli|documentazione|presentazione|demo|brochure|catalogo|proposta|materiale)(?: \\S+){0,3}|(?:fare|facciamo|provare|avere)(?: \\S+){0,2} (?:test|prova|pilota|demo)(?: \\S+)?|(?:ci sto|affare fatto|procediamo|andiamo avanti|si puo fare|va bene procediamo|contateci|mi avete convinto|mi ha convinto)(?: \\S+){0,3}",
    ],
    unless: [
      '(?:non|mai|senza|nessun\\w*)(?: \\S+){0,3} (?:vogl|vorr|mand|invi|interess|prov|ricev|piu|proced|mi piacerebbe)\\w*',
      'cancell\\w+|disiscri\\w+|rimuov\\w+|elimin\\w+',
      'avvocat\\w+|denunci\\w+|querel\\w+',
    ],
  },
  {
    class: 'meeting_request',
    fixed: true,
    when: [
      "(?:fiss|concord|organizz|prenot|prend|stabili|mett)\\w*(?: \\S+){0,6} (?:segretari\\w+|assistente|appuntamento|riunione|incontro|call|chiamata|videocall|data)(?: \\S+){0,4}|(?:puo|possiamo|potremmo|potete|potrebbe|puoi)(?: \\S+)? (?:chiamarmi|chiamare|passare|venire|vederci|sentirci|incontrarci|fare una call|telefonarmi|collegarci)(?: \\S+){0,6}|(?:ho|abbiamo|avrei)(?: \\S+)? (?:un buco|mezz'ora|un'ora|tempo|disponibilita|uno slot|qualche minuto|spazio)(?: \\S+){0,5}|(?:chiam|telefon)(?:ami|atemi|imi|i|ate|ateci)(?: \\S+){0,5}|(?:ci vediamo|ci sentiamo|vediamoci|sentiamoci|incontriamoci|parliamone|risentiamoci domani)(?: \\S+){0,6}|(?:di persona|al telefono|per telefono|in videochiamata|a voce|davanti a un caffe|su teams|su zoom)(?: \\S+){0,3}|(?:sono|saro)(?: \\S+)? (?:liber\\w+|disponibil\\w+|in ufficio)(?: \\S+){0,5}|(?:passi|passa|venga|vieni|passate)(?: \\S+)? (?:in ufficio|da noi|a trovarci|in sede|in azienda|da me|pure)(?: \\S+){0,3}",
    ],
    unless: [
      'ferie|assente|urgen\\w+|rientro|trasferta',
      'non(?: \\S+){0,3} (?:chiam\\w+|ho tempo|disponib\\w+|voglio)',
      "(?:a|in) (?:gennaio|febbraio|marzo|aprile|settembre|ottobre|novembre|dicembre|autunno|primavera)|anno prossimo|dopo l'estate|prossimo (?:anno|trimestre)",
      'avvocat\\w+',
      'a piu tardi',
    ],
  },
];

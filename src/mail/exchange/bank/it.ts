import type { Language } from './language.ts';

export const it: Language = {
  greetings: ['Ciao NAME,', 'Buongiorno NAME,', 'Buonasera NAME,', 'NAME, buongiorno,', 'Salve NAME,'],
  greetingsWithoutName: ['Ciao,', 'Buongiorno,', 'Buonasera,', 'Salve,', 'Di nuovo buongiorno,'],
  closings: ['Un saluto', 'Cordiali saluti', 'A presto', 'Buona giornata', 'Grazie e a presto', 'Saluti'],
  openers: [
    'Spero che la settimana sia cominciata bene. ',
    'Grazie del messaggio dell’altro giorno. ',
    'Volevo scrivere prima, ma la mattina è volata. ',
    'Solo per non dimenticare. ',
    'Sono di nuovo in ufficio. ',
    'Come promesso, due righe. ',
    'Sarò breve. ',
    '',
  ],
  endings: [
    '',
    ' Grazie in anticipo.',
    ' Basta una risposta breve.',
    ' Sono qui fino alle cinque.',
    ' Buona giornata.',
    ' Non serve telefonare.',
  ],
  topics: [
    {
      subject: '{Appunti|Riassunto|Note} {della chiamata|della riunione|di stamattina}',
      body: '{Ecco|Questo è} quello che ho {segnato|scritto}: {cominciamo|partiamo} dalla parte più {breve|semplice} e {vediamo|discutiamo} il resto {la prossima settimana|giovedì|dopo il fine settimana}. {Manca qualcosa?|Ho dimenticato un punto?}',
      reply:
        '{Grazie|Grazie mille}, c’è tutto. Aggiungerei {solo|soltanto} la data {della bozza|della prima versione}. {Venerdì|Mercoledì|Il 20} per me va bene.',
    },
    {
      subject: '{Spostare|Nuovo orario per} {l’appuntamento|la riunione|la chiamata}',
      body: 'Ho un {imprevisto|contrattempo} e devo spostare il nostro appuntamento. {Martedì|Giovedì|Mercoledì} {mattina|pomeriggio} {ti andrebbe bene|è possibile}? {Mezz’ora|Trenta minuti} {basta e avanza|dovrebbe essere sufficiente}.',
      reply: 'Nessun problema, {va bene|per me va bene}. L’ho {cambiato|segnato} in agenda. {A presto|Ci sentiamo}.',
    },
    {
      subject: '{Domanda|Una domanda} {sul preventivo|sulla vostra offerta}',
      body: 'Sto {leggendo|rileggendo} il preventivo e {mi chiedo|vorrei sapere} se {il trasporto|il montaggio} è {compreso|incluso}. {Altrimenti|Se no}, {potete metterlo|mettetelo pure} {a parte|come opzione}.',
      reply:
        'È compreso {il primo anno|nel primo ordine}. {Poi|In seguito} lo fatturiamo {una volta l’anno|a parte}. Lo {scrivo|preciso} {nel documento|nella prossima versione}.',
    },
    {
      subject: '{La bozza|La nuova versione} è {pronta|da leggere}',
      body: 'Il testo è {finito|pronto} nella cartella {solita|condivisa}. {Guarda soprattutto|Ho dubbi su} la {seconda|terza|ultima} pagina: le cifre {chiedono|hanno bisogno di} {una frase in più|una breve spiegazione}. {Non c’è fretta|Con calma}.',
      reply:
        'L’ho letto {a pranzo|con calma} ed è {chiaro|scorrevole}. Ho lasciato {due|tre} commenti {a margine|accanto alle cifre}, {niente di grave|piccole cose}.',
    },
    {
      subject: '{Viaggio|Treno|Arrivo} di {lunedì|martedì|giovedì}',
      body: 'Prendo il treno {delle otto|delle sette e mezza|poco dopo le nove} e arrivo {prima di mezzogiorno|verso le undici}. {Pranziamo prima|Hai tempo per un caffè}?',
      reply:
        '{Volentieri|Buona idea}. C’è un posto {tranquillo|piccolo} {vicino alla stazione|dietro l’angolo}. {Chiamami|Scrivimi} quando arrivi.',
    },
    {
      subject: '{Ordine|Consegna} {della settimana scorsa|di lunedì|del 12}',
      body: '{Ieri|Stamattina} sono arrivate le {scatole|prove colore}, {grazie|molte grazie}. Una è più {piccola|chiara} del previsto. {La rimando indietro|Dobbiamo restituirla} o {la teniamo|la usiamo lo stesso}?',
      reply:
        '{Mi dispiace|Scusate}. {Tenetela pure|Non serve renderla}; quella giusta parte {oggi|con la prossima consegna}.',
    },
    {
      subject: '{Foto|Immagini} per {la brochure|la nuova pagina|il sito}',
      body: 'Ci {mancano|servono} {due|tre|alcune} foto per la brochure. Quelle {del laboratorio|dell’estate scorsa} {andrebbero|starebbero} bene. Le hai ancora {in grande|a piena risoluzione}?',
      reply: 'Le ho {trovate|ancora}. Le {carico|metto} nella cartella {stasera|nel pomeriggio}.',
    },
    {
      subject: '{Ferie|Sostituzione} a {maggio|luglio|agosto|ottobre}',
      body: 'Sarò via {due settimane|dieci giorni} a {luglio|agosto|ottobre}. {Potresti occuparti|Ti occupi tu} del {rapporto settimanale|giro del lunedì}, come {l’altra volta|l’anno scorso}? Preparo {tutto|gli elenchi} {prima di partire|in anticipo}.',
      reply: '{Certo|Volentieri}. {Lasciami|Scrivimi} i {numeri|contatti}, e {buon riposo|buone ferie}.',
    },
    {
      subject: '{Il tuo intervento|La presentazione} di {giovedì|mercoledì}',
      body: 'Mi è piaciuta la presentazione, {soprattutto|in particolare} la parte {sui costi|sulla pianificazione|sul primo anno}. {Mi mandi|Potrei avere} le diapositive? {Una collega|Il mio gruppo} vorrebbe {leggerle|vederle}.',
      reply: '{Mi fa piacere|Grazie}. Le mando {domani|appena rientro}. {Le domande sono benvenute|Chiedi pure}.',
    },
    {
      subject: '{Contratto|Accordo}: {un dettaglio|l’ultimo punto}',
      body: 'Il contratto è {quasi|praticamente} pronto. {Manca|Resta} solo {la data di inizio|l’indirizzo|il preavviso}. Che cosa {preferisci|proponi}? {Poi|Dopo} stampo le due copie.',
      reply: '{Mettiamo|Io metterei} {i soliti tre mesi|il primo del mese}. {Per il resto|Il resto} va bene.',
    },
    {
      subject: 'La stampante {in ufficio|della sala riunioni|di sopra}',
      body: 'La stampante {si ferma|fa rumore} {di nuovo|a ogni pagina}. Ricordi chi l’ha {riparata|controllata} {in primavera|l’ultima volta}? Chiamerei {oggi|domani}.',
      reply:
        '{Il negozio|La ditta} {di fronte|vicino al ponte}. {Il numero|Il biglietto} è {nel cassetto|sul coperchio}. {Di solito vengono|Vengono} in giornata.',
    },
    {
      subject: '{Idee|Proposte} per {la gita|il notiziario|la giornata insieme}',
      body: 'Raccolgo {idee|proposte} per la gita. {Per ora|Finora} ci sono {una visita|un corso di cucina} e {un quiz|qualcosa all’aperto}. {Che cosa ti piacerebbe|Hai una preferenza}? {Due parole|Poche righe} bastano.',
      reply:
        '{Qualcosa all’aperto|La visita} {mi piace|sarebbe la mia scelta}. {Se piove|Con la pioggia}, il museo è {vicino|a due passi}.',
    },
  ],
};

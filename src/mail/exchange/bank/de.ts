import type { Language } from './language.ts';

export const de: Language = {
  greetings: ['Hallo NAME,', 'Guten Tag NAME,', 'Guten Morgen NAME,', 'Hi NAME,', 'Servus NAME,'],
  greetingsWithoutName: ['Hallo,', 'Guten Tag,', 'Guten Morgen,', 'Hallo zusammen,', 'Moin,'],
  closings: ['Viele Grüße', 'Beste Grüße', 'Freundliche Grüße', 'Schöne Grüße', 'Danke und Gruß', 'Bis bald'],
  openers: [
    'Ich hoffe, die Woche hat gut begonnen. ',
    'Danke für deine Nachricht neulich. ',
    'Ich wollte früher schreiben, aber der Vormittag war voll. ',
    'Nur damit ich es nicht vergesse. ',
    'Ich sitze jetzt wieder am Schreibtisch. ',
    'Wie versprochen ein paar Zeilen. ',
    'Das hier geht schnell. ',
    '',
  ],
  endings: [
    '',
    ' Danke im Voraus.',
    ' Eine kurze Antwort reicht.',
    ' Ich bin bis fünf da.',
    ' Einen schönen Tag noch.',
    ' Anrufen musst du nicht, Mail genügt.',
  ],
  topics: [
    {
      subject: '{Notizen|Protokoll|Stichpunkte} {vom Gespräch|von heute|zum Termin}',
      body: '{Hier ist|Das ist}, was ich {heute|vorhin} {notiert|aufgeschrieben} habe: Wir fangen mit dem {kleineren|kürzeren} Teil an und {besprechen|klären} den Rest {nächste Woche|am Donnerstag|nach dem Wochenende}. {Fehlt etwas|Habe ich etwas vergessen}?',
      reply:
        '{Danke|Vielen Dank}, das ist {vollständig|alles}. {Es fehlt nur|Offen ist nur noch} der Termin für den {Entwurf|ersten Stand}. {Freitag|Mittwoch|Der 20.} passt mir gut.',
    },
    {
      subject: '{Terminverschiebung|Neuer Termin|Unser Termin} {nächste Woche|am Dienstag|diese Woche}',
      body: 'Mir ist etwas {dazwischengekommen|dazwischengeraten}, und ich muss unseren Termin {verschieben|verlegen}. {Passt dir|Geht bei dir} {Dienstag|Donnerstag|Mittwoch} {Vormittag|Nachmittag}? {Eine halbe Stunde|Dreißig Minuten} {reicht|genügt} {sicher|bestimmt}.',
      reply:
        'Kein Problem, das {passt|geht}. Ich habe es {im Kalender|bei mir} {geändert|eingetragen}. {Bis dann|Bis dahin}.',
    },
    {
      subject: '{Frage|Kurze Frage|Rückfrage} zum {Angebot|Kostenvoranschlag}',
      body: 'Ich {lese|gehe} gerade euer Angebot {durch|noch einmal durch} und {frage mich|wüsste gern}, ob {die Lieferung|der Einbau|die Wartung} {enthalten|dabei} ist. {Falls nicht|Sonst} {nehmt|schreibt} sie bitte als {eigene Position|Option} auf.',
      reply:
        '{Im ersten Jahr|Beim ersten Auftrag} ist {das|es} {enthalten|dabei}. {Danach|Später} {berechnen|verrechnen} wir es {einmal im Jahr|getrennt}. Ich {ergänze|vermerke} das {im Dokument|in der nächsten Fassung}.',
    },
    {
      subject: '{Der Entwurf|Die neue Fassung} {ist fertig|liegt bereit}',
      body: 'Der Entwurf ist {fertig|so weit} und liegt im {üblichen|gemeinsamen} Ordner. {Schau bitte auf|Unsicher bin ich bei} {die zweite|die dritte|die letzte} Seite: Die {Zahlen|Werte} brauchen {vielleicht|wohl} {einen Satz mehr|eine kurze Erklärung}. Es {eilt nicht|hat Zeit}.',
      reply:
        'Ich habe ihn {gelesen|in der Mittagspause gelesen}, er ist {klar|gut verständlich}. {Zwei|Drei} Anmerkungen {stehen|habe ich} {am Rand|neben den Zahlen}, {nichts Großes|nur Kleinigkeiten}.',
    },
    {
      subject: '{Anreise|Zug|Fahrt} am {Montag|Dienstag|Donnerstag}',
      body: 'Ich nehme den Zug {um acht|um halb acht|kurz nach neun} und bin {vor zwölf|gegen elf} da. {Gehen wir vorher essen|Hast du vorher Zeit für einen Kaffee}?',
      reply:
        '{Gern|Gute Idee}. {In der Nähe vom Bahnhof|Um die Ecke} gibt es ein {ruhiges|kleines} Lokal. {Ruf an|Melde dich}, wenn du {da bist|ankommst}.',
    },
    {
      subject: '{Bestellung|Lieferung} {von letzter Woche|vom Montag|vom 12.}',
      body: 'Die {Kartons|Teile|Muster} sind {gestern|heute früh} {gekommen|angekommen}, {danke|vielen Dank}. {Eines davon|Eins} ist {kleiner|anders gefärbt} als {bestellt|erwartet}. {Soll ich es zurückschicken|Könnt ihr es tauschen}, oder behalten wir es?',
      reply:
        '{Das tut mir leid|Entschuldigung}. {Behaltet es bitte|Behaltet es einfach}; das richtige {schicke ich heute|kommt mit der nächsten Lieferung}.',
    },
    {
      subject: '{Fotos|Bilder} für die {neue Seite|Broschüre|Webseite}',
      body: 'Für die {neue Seite|Broschüre} {fehlen uns|brauchen wir} noch {zwei|drei|ein paar} Bilder. Die {aus der Werkstatt|vom letzten Sommer} würden gut {passen|gehen}. Hast du sie noch {in voller Größe|größer}?',
      reply: 'Ich habe sie {gefunden|noch}. {Heute Abend|Am Nachmittag} lege ich sie {in den Ordner|dort ab}.',
    },
    {
      subject: '{Urlaub|Urlaubsvertretung} im {Mai|Juli|August|Oktober}',
      body: 'Ich bin im {Juli|August|Oktober} {zwei Wochen|zehn Tage} {weg|nicht da}. {Könntest du|Würdest du} {wie letztes Mal|wie im letzten Jahr} {den Montag|den Wochenbericht} {übernehmen|für mich machen}? Ich bereite {alles|die Listen} {vorher|rechtzeitig} vor.',
      reply:
        '{Klar|Natürlich}, das {mache ich|geht}. {Lass mir|Schreib mir} die {Nummern|Ansprechpartner} {da|auf}, und {erhol dich gut|eine schöne Zeit}.',
    },
    {
      subject: '{Dein Vortrag|Der Workshop} am {Donnerstag|Mittwoch}',
      body: 'Dein Vortrag hat mir {gefallen|sehr gefallen}, {vor allem|besonders} der Teil über {Planung|Kosten|das erste Jahr}. {Schickst du mir|Bekomme ich} die Folien? {Eine Kollegin|Mein Team} möchte sie auch {lesen|sehen}.',
      reply:
        'Das {freut mich|höre ich gern}. Ich schicke sie {morgen|sobald ich zurück bin}. {Fragen gern danach|Frag gern nach}.',
    },
    {
      subject: '{Vertrag|Vereinbarung}: {ein Punkt|der letzte Punkt|ein Detail}',
      body: 'Der Vertrag ist {fast|so gut wie} {fertig|vollständig}. {Nur|Allein} {die Frist|das Datum|die Adresse} ist noch {offen|unklar}. Was {ist dir lieber|schlägst du vor}? Dann {drucke ich|mache ich} beide {Exemplare|Ausfertigungen}.',
      reply:
        '{Nehmen wir|Ich nähme} {den Ersten des Monats|die üblichen drei Monate}. {Sonst|Ansonsten} {passt alles|habe ich keine Änderungen}.',
    },
    {
      subject: 'Der {Drucker|Scanner} im {Büro|Besprechungsraum}',
      body: 'Der Drucker {oben|im Besprechungsraum} {stockt|macht Geräusche} {schon wieder|bei jeder Seite}. Weißt du noch, wer ihn {im Frühjahr|letztes Mal} {repariert|gewartet} hat? Ich würde {heute|morgen} dort anrufen.',
      reply:
        'Das war {das Geschäft|die Firma} {gegenüber|an der Brücke}. Die {Nummer|Karte} {liegt in der Schublade|klebt am Deckel}. Sie {kommen meist|kamen} {am selben Tag|schnell}.',
    },
    {
      subject: '{Ideen|Vorschläge} für den {Ausflug|Teamtag|Rundbrief}',
      body: 'Ich sammle {Ideen|Vorschläge} für unseren Teamtag. Bisher {haben wir|gibt es} {eine Führung|einen Kochkurs} und {ein Quiz|etwas im Freien}. {Was wäre dir lieb|Hast du einen Wunsch}? {Stichworte|Zwei Worte} {reichen|genügen}.',
      reply:
        '{Etwas im Freien|Die Führung} {klingt gut|wäre meine Wahl}. {Bei Regen|Wenn es regnet} ist das Museum {nicht weit|gleich nebenan}.',
    },
  ],
};

/**
 * Words by which mail programs introduce a quotation, in the languages they are translated to. All of them apply at once: a quotation is in
 * the language of its program, not in that of the reply. Texts are compared in lower case, with accents.
 */

/** Labels of the header block above a quotation, by what they introduce. */
export const labels = {
  from: 'from|von|absender|de|expéditeur|da|mittente|van|afzender|från|avsändare|fra|avsender|afsender|lähettäjä|od|nadawca|odesílatel|odosielateľ|feladó|от|від|от кого|de la|kimden|gönderen|差出人|送信元|发件人|寄件者|寄件人|보낸 사람|보낸사람|từ|dari|από|מאת|من|จาก|saatja|nuo|no|remitente|remetente|expeditor|od koga|шаље|sender',
  sent: 'sent|date|sent at|gesendet|gesendet am|datum|envoyé|envoyé le|date d’envoi|enviado|enviado el|enviado em|enviada em|enviada|fecha|data|inviato|verzonden|verzonden op|skickat|skickad|sendt|dato|lähetetty|päivämäärä|päiväys|wysłano|wysłane|odesláno|odoslané|elküldve|küldve|dátum|отправлено|дата|надіслано|trimis|dată|gönderildi|gönderilen tarih|gönderme tarihi|tarih|送信日時|送信|日付|日時|发送时间|发送日期|日期|寄件日期|傳送日期|보낸 날짜|날짜|đã gửi|ngày|dikirim|tanggal|εστάλη|ημερομηνία|נשלח|תאריך|تاريخ الإرسال|التاريخ|วันที่|ส่งเมื่อ|saadetud|išsiųsta|nosūtīts|poslano',
  to: 'to|an|empfänger|à|a|destinataire|para|per|aan|till|til|vastaanottaja|do|dla|komu|címzett|кому|до|către|kime|alıcı|宛先|收件人|收件者|받는 사람|받는사람|đến|tới|kepada|ke|προς|אל|إلى|ถึง|kellele|kam|za|cc|kopie|kopia|kopi|copie|copia|cópia|kopio|копия|копія|másolatot kap|bilgi|抄送|副本|참조|κοιν\\.|עותק',
  subject:
    'subject|betreff|thema|objet|sujet|asunto|assunto|oggetto|onderwerp|ämne|emne|aihe|otsikko|temat|předmět|predmet|tárgy|тема|subiect|konu|件名|主题|主題|主旨|제목|chủ đề|tiêu đề|perihal|subjek|θέμα|נושא|الموضوع|เรื่อง|teema|tema|pavadinimas|re',
} as const;

/** What separates a reply from the original, between dashes or lines. */
export const separators =
  "original (?:message|appointment)|reply message|forwarded (?:message|by .{1,60})|begin forwarded message|ursprüngliche nachricht|original-?nachricht|weitergeleitete nachricht|anfang der weitergeleiteten (?:nachricht|e-?mail)|message d[’']origine|message (?:transféré|original)|début du message (?:transféré|réexpédié)|mensaje original|mensaje reenviado|inicio del mensaje reenviado|mensagem original|mensagem (?:encaminhada|reencaminhada)|messaggio originale|messaggio inoltrato|inizio messaggio inoltrato|oorspronkelijk bericht|origineel bericht|doorgestuurd bericht|begin doorgestuurd bericht|ursprungligt meddelande|originalmeddelande|vidarebefordrat meddelande|oprindelig meddelelse|original meddelelse|videresendt (?:meddelelse|melding)|opprinnelig melding|alkuperäinen viesti|välitetty viesti|wiadomość oryginalna|oryginalna wiadomość|(?:przekazana|przesłana) wiadomość|wiadomość przekazana dalej|původní (?:zpráva|e-mail)|přeposlaná zpráva|pôvodná správa|preposlaná správa|eredeti üzenet|továbbított (?:üzenet|levél)|исходное сообщение|пересылаемое сообщение|пересланное сообщение|оригинальное сообщение|початкове повідомлення|mesaj original|mesaj redirecționat|orijinal mesaj|özgün ileti|iletilen (?:mesaj|ileti)|元のメッセージ|転送メッセージ|転送されたメッセージ|原始邮件|转发的邮件|邮件原件|原始郵件|轉寄的郵件|원본 메시지|원본 메일|전달된 메시지|thư gốc|tin nhắn gốc|pesan asli|pesan terusan|αρχικό μήνυμα|προωθημένο μήνυμα|הודעה מקורית|הודעה שהועברה|الرسالة الأصلية";

/** What a help desk writes above the part of its mail that answers are not to touch. */
export const replyAboveWords =
  '(?:please )?(?:type |write |enter )?(?:your )?(?:reply|answer|respond|response)s? (?:above|below|over) this line|bitte (?:antworten sie )?oberhalb dieser (?:zeile|linie)(?: antworten)?|répondez au-dessus de cette ligne|responda? por encima de esta línea|responda acima desta linha|rispondi sopra questa riga|antwoord boven deze (?:lijn|regel)';

/** Verbs of an attribution line: "On Monday, … wrote:". */
export const wroteWords =
  'wrote|writes|sent|said|schrieb|geschrieben|hat geschrieben|a écrit|a &eacute;crit|escribió|escribio|ha escrito|va escriure|escreveu|ha scritto|schreef|heeft geschreven|geschreven|skrev|har skrivit|kirjoitti|napisał\\(?a?\\)?|napisała|napsal\\(?a?\\)?|napsala|napísal\\(?a?\\)?|írta|ezt írta|написал\\(?а?\\)?|написала|пишет|писал|написав|пише|a scris|yazdı|şunu yazdı|viết|đã viết|menulis|έγραψε|כתב/ה|כתבה?|كتب|เขียน|kirjutas|rašė|rakstīja|je napisao|je napisal|写道|寫道|书写|のメール|さんは書きました|さんのコメント|님이 작성|님이 다음과 같이 작성했습니다|작성';

/** First words of an attribution line, in front of a date. */
export const attributionOpeners =
  'on|at|am|den|le|el|em|il|il giorno|op|på|d\\.|dnia|w dniu|dne|dňa|în data|pe data de|vào|vào lúc|pada|στις|ב-?|בתאריך|في|เมื่อ|em data de|el día|il dì|quoting|zitat von';

/** What mail programs and phones add below a message; a name of a device or of a program follows. */
export const footerOpeners =
  'sent (?:from|via|with|using|by)|sent (?:from )?my|get outlook for|gesendet (?:von|mit|über|aus)|von meinem .{1,60} gesendet|diese nachricht wurde von meinem|mit .{1,40} gesendet|holen sie sich outlook für|outlook für (?:ios|android) (?:beziehen|herunterladen|abrufen)|outlook für|envoyé (?:de|depuis|à partir de|avec|via)|télécharge[rz] outlook pour|obtene[rz] outlook pour|obtenir outlook pour|enviado (?:desde|do|de|a partir do|via|com|con|através)|enviada do|obt(?:ener|enha|er) (?:o )?outlook para|baixar (?:o )?outlook|inviato (?:da|dal|con|tramite|via)|(?:ottieni|scarica) outlook per|verzonden (?:vanaf|met|via|vanuit|van)|verstuurd (?:vanaf|met|via|vanuit|van)|outlook voor .{1,20} downloaden|download outlook voor|(?:ontvang|haal) outlook|skickat från|skickades från|sendt fra|lähetetty|wysłane? (?:z|ze|przy użyciu)|odesláno z|odoslané z|küldve|отправлено (?:с|из)|надіслано з|trimis (?:de pe|din)|iphone.{0,10}(?:から送信|より送信)|android.{0,10}から送信|(?:outlook|ios|android).{0,20}を入手|の?iphoneから送信|从我的|发自我的|從我的|傳送自|나의 .{1,20}에서 보냄|được gửi từ|dikirim dari|στάλθηκε από|נשלח מה|cordially sent from';

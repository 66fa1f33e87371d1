import { spanishHints } from './es-hints.ts';
import { spanishRefusals } from './es-refusals.ts';
import type { LanguageRules } from './rules.ts';

const day =
  '(?:hoy|manana|pasado manana|lunes|martes|miercoles|jueves|viernes|la semana que viene|la proxima semana|proxima semana|esta semana|semana proxima)';
const time =
  '(?:a las? \\d{1,2}(?:[:.h]\\d\\d)?|\\d{1,2}:\\d\\d|\\d{1,2} ?(?:h|hrs|horas|am|pm)|por la (?:manana|tarde)|de la (?:manana|tarde)|mediodia)';
const thing =
  '(?:info|informacion|detalles?|documentacion|folleto|catalogo|presupuesto|precios?|tarifas?|propuesta|oferta|presentacion|demo|material|ejemplos?|cotizacion|dossier|enlace|datos|ficha|contrato|casos? de exito|referencias)';

export const spanish: LanguageRules = {
  language: 'es',
  words:
    'lunes martes miercoles jueves viernes el la los las de del y es son no nos me mi su sus tu para con por que una uno en al lo le se si muy ya mas pero como esta este estoy estamos tenemos gracias hola buenos dias saludos correo usted ustedes quiero favor hasta vuestra empresa nuestra nuestro desde cuando donde cual',
  negators: 'no|nunca|jamas|ningun|ninguna|ninguno|sin|ni|tampoco|nada',
  contrast: 'pero|sino|aunque|sin embargo|no obstante|porque|ya que|asi que|pues',
  doubt: 'no se si|no estoy segur[oa] (?:de )?(?:si|que)|si (?:te|le|os|les|usted|tu|vosotros)|en caso de',
  forNow:
    'ahora mismo|por ahora|por el momento|de momento|en este momento|actualmente|en estos momentos|este ano|todavia|aun|a dia de hoy|ahora|hoy por hoy',
  formerly: 'al principio|inicialmente|hasta ahora|antes|anteriormente|en un principio',
  urgent: 'urgente|urgentes|urgencia|urgencias|en mi ausencia|durante mi ausencia',
  asks: 'que|cual|cuales|como|cuando|cuanto|cuanta|cuantos|donde|quien|por que|teneis|tienen|tienes|ofreceis|ofrecen|podeis|pueden|puedes|puede|se puede|es posible|hay|funciona|sois|de donde',
  occasions: {
    places: 'congreso|feria|formacion|curso|evento|conferencia|seminario',
    present: 'estoy|estare|estaremos|estamos|esta|estaba|me encuentro|me encontrare|encuentro|me hallo|actualmente',
    meets: 'nos vemos|vernos|ver(?:te|le|os|los)|conocer\\w*|encontrar(?:nos|te|le)|visit\\w+|stand',
  },
  plans: {
    when: 'mirare|miro|miraremos|leere|leo|leeremos|revisare|reviso|revisaremos|estudiare|estudiaremos|(?:lo|la|esto) (?:hablaremos|comentaremos|discutiremos)|discutiremos|comentaremos|respondere|responderemos|(?:te|le|os|les) (?:dire|digo|diremos|decimos)|(?:voy|vamos) a (?:leer|mirar|revisar|estudiar|discutir|comentar)\\w*',
    unless:
      'llam\\w+|reuni\\w+|cita|hablar|hablamos|videollamada|zoom|teams|hueco|disponib\\w+|libre|agenda|contigo|con usted\\w*|juntos|quedar|quedamos|vernos|nos vemos|invitacion|demo|viene bien',
  },
  back: '(?:de )?(?:vuelta|regreso)(?: a la oficina)?(?: el| a partir del?)*|vuelvo(?: a la oficina)?|volvere(?: a la oficina)?|regreso|regresare|reincorporo|reincorporare|me reincorporo|incorporare|incorporo|a partir del?|desde el|retomare|(?:de nuevo|nuevamente)(?: \\S+)?|atendere|respondere|contestare|contesto|respondo|leere|contestaremos|responderemos|reabrimos|abrimos|abriremos|volvemos|volveremos',
  until: 'hasta(?: el)?|al|-|–|—|a',
  inclusive: 'inclusive|incluido|incluida|ambos|-|–|—',
  untilIsInclusive: true,
  months: [
    'ene(?:ro)?',
    'feb(?:rero)?',
    'mar(?:zo)?',
    'abr(?:il)?',
    'mayo?',
    'jun(?:io)?',
    'jul(?:io)?',
    'ago(?:sto)?',
    'sept?(?:iembre)?|setiembre',
    'oct(?:ubre)?',
    'nov(?:iembre)?',
    'dic(?:iembre)?',
  ],
  weekdays: ['lunes', 'martes', 'miercoles', 'jueves', 'viernes', 'sabado', 'domingo'],
  tomorrow: 'manana',
  afterTomorrow: 'pasado manana',
  nextWeek: 'la semana que viene|la proxima semana|proxima semana',
  next: 'proximo|siguiente',
  rules: [
    ...spanishRefusals,
    ...spanishHints,
    {
      class: 'left_company',
      fixed: true,
      when: [
        'ya no (?:\\S+ ){0,2}?(?:trabaj\\w+|form\\w+ parte|pertenec\\w+|esta (?:en|con)|estoy (?:en|con)|labor\\w+|esta aqui|se encuentra en)(?! (?:en|con) (?:eso|ese|este|nuevas))',
        '(?:ha|he|han|hemos|acab\\w+ de|deje|dejo|deja|dejare|dejara|voy a|va a)(?: \\S+)? ?(?:dejado|dejar|abandonado|abandonar|causado baja|salido de|cambiado de|la empresa|la compania|mi puesto|su puesto|la organizacion)(?: \\S+){0,2} ?(?:empresa|compania|organizacion|puesto|cargo|trabajo|firma|$)',
        '(?:se ha |me he |se |me )?jubilad\\w+|se jubilo|me jubilo|fallecid\\w+|fallecio|mi ultimo dia|su ultimo dia|(?:mi|su) (?:sucesor\\w*|sustitut\\w+|reemplazo)|(?:ocupa|ha asumido|asume|asumio|asumira|ocupara)(?: \\S+)? (?:mi|su|el) (?:puesto|cargo|lugar|funciones)|ex ?(?:emplead\\w+|companer\\w+)|me desvincule|se desvinculo|desvinculad\\w+',
      ],
      unless: ['en mi ausencia', 'ya no (?:estamos|estoy) interesad'],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        'no (?:soy|es|somos|seria)(?: \\S+){0,2} (?:la persona (?:adecuada|indicada|correcta|responsable|encargada|apropiada|que)|el (?:responsable|encargado|contacto|interlocutor|indicado|adecuado|decisor)|la (?:responsable|encargada|indicada|adecuada)|responsable|encargad\\w+|quien|yo|mi (?:area|departamento|tema|competencia|campo|responsabilidad|funcion)|de mi (?:competencia|area|departamento)|conmigo|el correcto|la correcta)',
        '(?:persona|contacto|departamento|direccion|destinatario|area) (?:equivocad\\w+|erronea?o?|incorrect\\w+)|(?:equivocad\\w+|equivoca|equivocado|equivocais|equivocas) de (?:persona|contacto|departamento|direccion|destinatario)|se ha equivocado|(?:yo|nosotros)? ?no (?:llevo|me encargo|gestiono|manejo|me ocupo|decido|tomo|me dedico|trato|soy yo|veo|estoy a cargo|tengo relacion)(?: \\S+){0,3} ?(?:tema|temas|decisiones|asunto|asuntos|eso|esto|de eso|de esto|a eso|de ese|area|$)',
        '(?:habla|hable|hablad|hablen|contacta|contacte|contactad|contacten|contactar|escribe|escriba|escribid|escribir|escribele|escribirle|dirigete|dirijase|dirigirse|ponte|pongase|poneos|consulta|consulte|pregunta|pregunte|comunicate|comuniquese|remita\\w*)(?:le|les|lo|se)?(?: \\S+){0,4}? (?:con|a|al) (?!(?:mi (?:movil|telefono|numero)|las? \\d|partir|mi correo|mi|nosotros|usted|vosotros|ustedes|la mayor|lo antes)\\b)(?:mi (?:companer\\w+|jef\\w+|colega|soci\\w+|director\\w*)|nuestr\\w+ \\w+|el \\w+|la \\w+|los \\w+|[a-z]+ [a-z]+|[a-z]+|\\S+@)',
        '(?:lo|eso|esto|el tema|ese tema|este tema|de eso|de esto|tema|temas)(?: \\S+){0,2} (?:lleva|llevan|gestiona|gestionan|maneja|manejan|decide|deciden|ve|ven|encarga|encargan|ocupa|ocupan|corresponde|corresponden|depende|trata|coordina)(?: \\S+){0,2} ?(?:mi|nuestr\\w+|el|la|los|otro|otra|a|al|de|del|con|un|una|[a-z]+)|corresponde (?:a|al|con) |(?:quien|la persona que|el que|la que) (?:lleva|gestiona|decide|se encarga|maneja|ve) (?:eso|esto|este|estos|ese|esos|el tema|los)|(?:el|la) (?:responsable|encargad\\w+) (?:de (?:eso|esto|este tema|compras|\\w+) )?es ',
        '(?:te|le|os|les|lo|la|he|hemos)(?: \\S+){0,2} (?:pongo|pondre|paso|pasare|reenvio|reenviado|remito|derivo|derivado|copio|traslado|trasladado|pasado|reenviare|redirijo)(?: \\S+){0,5} (?:a|al|con|copia|mi|nuestr\\w+)|(?:pongo|en) copia',
      ],
      unless: [
        'en mi ausencia',
        'para (?:temas|asuntos|cualquier)? ?urgen',
        'quien (?:es|seria|lleva) (?:el|la)?\\b.{0,40}\\?',
      ],
    },
    {
      class: 'out_of_office',
      fixed: true,
      when: [
        '(?:estoy|estare|estaremos|estamos|esta|me encuentro|me encontrare|encuentro|estaba|actualmente)(?: \\S+){0,4} (?:fuera de(?: la)? oficina|fuera de la|de vacaciones|ausente|de viaje|de baja(?: (?:medica|maternal|paternal|por))?|de permiso|disfrutando|viajando|de licencia|cerrad\\w+|no disponible|en un congreso|en una feria|de excedencia|fuera del despacho|fuera)',
        'fuera de(?: la)? oficina|por vacaciones|(?:baja|licencia|permiso) (?:medica|por maternidad|por paternidad|maternal|paternal|de maternidad|de paternidad)|(?:oficina|oficinas|empresa)(?: \\S+){0,3} (?:cerrad\\w+|permanecer\\w+)|(?:acceso limitado|acceso restringido|sin acceso|poco acceso)|(?:vuelvo|volvere|regreso|regresare|me reincorporo|me incorporo|reincorporare)(?: \\S+)? (?:a la oficina|el|al trabajo|a partir)|a mi (?:vuelta|regreso)|de vacaciones|^ausente',
      ],
      unless: ['(?:despues de|tras) (?:las |mis )?vacaciones', 'darme de baja', 'dame de baja'],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        '(?:respuesta|mensaje|correo|confirmacion|acuse)(?: \\S+)? automatic[oa]|generad[oa] automaticamente|enviad[oa] automaticamente|acuse de recibo|automaticamente',
        '(?:hemos|ha sido|fue|ha|se ha) (?:\\S+ )?(?:recibido|recibida|registrad[oa]|creado|asignad[oa]|recepcionado)(?: \\S+)? ?(?:su|tu|vuestr\\w+|correctamente|con exito|con el|bajo|la|$)|(?:recibimos) (?:su|tu|vuestr\\w+)|su (?:solicitud|consulta|mensaje|peticion|correo|ticket|caso)(?: \\S+){0,3} (?:recibid\\w+|registrad\\w+|creado|asignad\\w+)|(?:numero|ticket|referencia|caso|folio)(?: de \\w+)?(?: \\S+)? (?:es|n[uº]|#|\\d)',
        '(?:responderemos|contestaremos|contactaremos|atenderemos|daremos respuesta|pondremos en contacto|respondera|contestara|contactara|dara respuesta)(?: \\S+){0,5} (?:posible|brevedad|horas|plazo|dias?|pronto|breve|habiles|laborables)|gracias por (?:contactar\\w*|escribir\\w*|comunicar\\w*|ponerse en contacto|ponerte en contacto)|no (?:responda|conteste|responder)\\w*(?: \\S+){0,3} ?(?:a este|este|mensaje|correo)?$',
      ],
      unless: ['hemos recibido .{0,30}(?:pero|y no|y creemos)', 'he recibido'],
    },
    {
      class: 'interested',
      negated: 'not_interested',
      when: [
        'interes\\w*|curiosidad|me gusta|nos gusta|me encanta|encaja|nos encaja|me convence|convencid\\w+|atractiv\\w+|util|relevante|nos cuadra|nos viene bien|oportuno',
        '(?:suena|parece|pinta|se ve|tiene)(?: \\S+)? (?:bien|interesante|genial|fenomenal|util|estupendo|buena pinta|buena idea|perfecto)|(?:estamos|estoy|andamos|ando) buscando|buscamos|necesit\\w+|(?:quiero|queremos|quisiera|quisieramos|me gustaria|nos gustaria|deseo|podria|podriamos)(?: \\S+)? (?:saber|conocer|probar|ver|obtener|tener|recibir|evaluar)(?: \\S+){0,2} ?(?:mas|informacion|demo|producto|propuesta|detalles|$)?',
      ],
      unless: [
        '(?:su|tu) interes\\b',
        'conflicto de interes',
        'recibir (?:mas|otros|otras) (?:correos|mails|emails|mensajes)',
        'abogad',
        '(?:te|le|os) interes\\w+',
      ],
    },
    {
      class: 'interested',
      when: [
        `(?:envia|envie|enviad|envien|envias|enviar|enviais|manda|mande|mandad|manden|mandas|mandar|pasa|pase|pasad|pasas|pasame|comparte|comparta|compartid|compartir|facilita|facilite|remita|remitir|hazme|hagame|adjunta|dame|deme|recibir|tener|haceis|hacer)(?:me|nos|melo|noslo|le)?(?: \\S+){0,5} ${thing}`,
        '(?:cuentame|cuenteme|cuentanos|cuenta|cuente|dime|digame|explicame|expliqueme|explicanos)(?: \\S+)? (?:mas|como)|mas (?:informacion|info|detalles|datos)|proximos pasos|siguientes pasos|^si, (?!pero)|^(?:si|claro|por supuesto|adelante|de acuerdo|perfecto|desde luego|con gusto|encantad[oa]|por que no|si claro|si por favor|si gracias)(?: (?:por favor|gracias|adelante|claro|me interesa|si|perfecto|cuentame))*$|como (?:empezamos|empezar|contratamos|lo contrato|seguimos|procedemos)|quiero (?:contratar|probar|empezar)|periodo de prueba|prueba gratuita',
      ],
      unless: ['en copia'],
    },
    {
      class: 'left_company',
      fixed: true,
      when: [
        'ya no (?:esta|estoy|figura|pertenece|sigue|trabaja|forma)(?: \\S+){0,3}|(?:cambio|cambie|cambiado|ha cambiado|he cambiado|cambia) de (?:empresa|trabajo|compania|empleo)|(?:dejo|deje|abandono|abandone) (?:la empresa|la compania|el puesto|su puesto|mi puesto|el equipo)|en plantilla|nuevo (?:empleo|trabajo|empleador)|fue despedid\\w+|despidieron|renuncio|renuncie|renunciado|ha salido de|salio de la|se fue de la|ex trabajador\\w*|no existe ningun|nadie con ese nombre',
      ],
      unless: ['ya no (?:esta|estoy) interes|ya no (?:esta|estamos) (?:disponible|buscando)'],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        '(?:tendrias|tendria|deberias|deberia|tienes|tiene|hay|mejor|debe|debes)(?: que)?(?: \\S+)? (?:hablar|contactar|escribir|preguntar|dirigirte|dirigirse|consultar|consultarlo|hablarlo|verlo|tratarlo)(?:lo)? (?:con|a|al) (?!(?:nosotros|mi movil)\\b)\\S+(?: \\S+)?|(?:soy|solo soy|yo soy) (?:solo|solamente|unicamente|el becario|la becaria|un simple)(?: \\S+){1,3}|(?:lo|eso|esto|de eso)(?: \\S+)? (?:ve|lleva|decide|gestiona|maneja|trata|hace|compra)(?: \\S+){1,3}|no (?:decido|compro|tengo (?:poder|capacidad|autoridad)|es mi (?:decision|area|tema|trabajo|funcion)|es cosa mia|va conmigo)|(?:decision|tema|asunto) (?:de|es de|corresponde a|depende de) (?:mi|nuestr\\w+|la|el|otro|central)(?: \\S+)?|central de compras|he cambiado de departamento',
      ],
      unless: [
        'en mi ausencia|urgen',
        'quien (?:es|seria|lleva)',
        '(?:lunes|martes|miercoles|jueves|viernes|manana) (?:a|por)',
      ],
    },
    {
      class: 'interested',
      fixed: true,
      when: [
        '(?:justo|exactamente|precisamente|es) (?:lo que|lo)(?: \\S+)? (?:busc\\w+|necesit\\w+|queri\\w+)|(?:cuanto|que precio|que coste)(?: \\S+)? para \\d+(?: \\S+)?$|me (?:pica|da|entra|has dado|despierta)(?: \\S+)? curiosidad|(?:tienes|tienen|teneis|tiene)(?: \\S+)? (?:pdf|folleto|catalogo|dossier|presentacion|demo|video|lista de precios)|(?:mi|nuestro) (?:jef\\w+|equipo|director\\w*)(?: \\S+){0,3} (?:interes\\w+|quiere|encant\\w+)|apuntame|apuntadme|cuenten con|cuenta conmigo|(?:lo |la )?(?:probamos|probaria|probariamos|queremos probar)|vamos adelante|adelante con',
      ],
      unless: ['no ', 'baja', 'elimin'],
    },
    {
      class: 'out_of_office',
      fixed: true,
      when: [
        '^de vacaciones|^(?:vuelvo|regreso|de vuelta)(?: \\S+)? (?:el|lunes|martes|miercoles|jueves|viernes|\\d)|(?:tardare|tardar|demora|retraso)(?: \\S+){0,3} (?:responder|respuesta|contestar)|estare fuera|sin conexion',
      ],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        '(?:agentes?|asesor\\w*|equipo|representante|operador\\w*|ejecutiv\\w+|companero\\w*|persona)(?: \\S+){0,4} (?:le|te|se|les)? ?(?:contestar\\w+|responder\\w+|contactar\\w+|atender\\w+|pondr\\w+ en contacto)|en breve|horario de atencion|confirmamos (?:la )?recepcion',
      ],
      unless: ['no (?:me|nos|estamos) interes|por (?:mi|nuestra) parte|^me '],
    },
    {
      class: 'interested',
      negated: 'not_interested',
      when: [
        '(?:podria|podrian|puede|pueden)(?: \\S+){0,2} (?:servir|encajar|funcionar|valer|ayudar|interesar|ser util)(?:nos|me)?(?: \\S+)?|(?:estoy|estamos) abiert\\w+ a|precio (?:minimo|base|para \\d)|(?:que|cual) (?:datos|informacion) (?:necesita\\w*|precisa\\w*)|(?:denme|dame|dadme|creadme|creame) (?:acceso|de alta)|lo probamos|vamos a probar',
      ],
      unless: ['no (?:nos|me)', 'baja'],
    },
    {
      class: 'interested',
      fixed: true,
      when: [
        '(?:mand|envi|pas|compart|ensen|muestr)\\w*(?:me|nos)?(?: \\S+){0,2} (?:lo que|todo lo que) (?:teng\\w+|tien\\w+)|(?:comparando|evaluando|estudiando|analizando|valorando|mirando)(?: \\S+){0,2} (?:opciones|soluciones|proveedores|alternativas|herramientas|ofertas)',
      ],
      unless: ['no '],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: ['no depende de mi|no es (?:mi decision|decision mia)|pregunt\\w+ (?:a|al)(?: \\S+){1,2}'],
      unless: ['urgen|ausencia'],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        '(?:mensaje|solicitud|consulta|correo)(?: \\S+){0,2} (?:ha llegado|llego|ha sido|fue)(?: \\S+){0,4}|referencia ?:? ?\\S{0,4}\\d{2,}',
      ],
      unless: ['tarde'],
    },
    {
      class: 'meeting_request',
      fixed: true,
      when: [
        '(?:podria|puedo|podemos|podriamos|tengo)(?: \\S+){0,3} (?:el )?(?:lunes|martes|miercoles|jueves|viernes|manana)|entre (?:la|las) \\S+ y (?:la|las)',
      ],
      unless: ['vacaciones|fuera|ausente|no (?:podria|puedo)'],
    },
    {
      class: 'wrong_person',
      fixed: true,
      when: [
        'no decid\\w+ (?:nada|yo|eso|esto)|(?:soy|solo soy) (?:\\S+ )?(?:externo|externa|becari[oa]|autonom[oa]|subcontratad[oa]|en practicas)|(?:dirij\\w+|diri\\w+|escrib\\w+|envi\\w+|mand\\w+|contact\\w+|remit\\w+)(?:se|te|lo|la|a|le)?(?: \\S+){0,3} \\S+@\\S+',
      ],
      unless: ['urgen|en mi ausencia', '(?:envi|mand)\\w+(?:me|nos)'],
    },
    {
      class: 'left_company',
      fixed: true,
      when: ['ya no (?:esta|estoy|se encuentra)(?: \\S+)?$|buzon(?: \\S+){0,4} (?:cerr|desactiv|elimin)\\w+'],
      unless: ['interes|disponible'],
    },
    {
      class: 'auto_reply',
      fixed: true,
      when: [
        '(?:gran|alto|elevado)(?: \\S+)? (?:volumen|numero|cantidad) de(?: \\S+)?|(?:respuesta|tiempos? de respuesta|contestacion)(?: \\S+){0,3} (?:demorar|tardar|retras\\w+|mayor|demora)|agradecemos (?:su|tu) (?:paciencia|comprension)|no-?reply',
      ],
    },
    {
      class: 'meeting_request',
      fixed: true,
      when: [
        '(?:mejor|prefiero|preferiria)(?: \\S+)? (?:por telefono|en persona|telefono|hablar|una llamada)|(?:pasate|pasaos|venid|vengan|visit\\w+)(?: \\S+){0,3} (?:oficina|oficinas|nuestr\\w+|por aqui)|(?:cambiar|mover|aplazar|posponer)(?: \\S+){0,3} (?:reunion|cita|llamada|hora|al|a las)|(?:cuando|a que hora) (?:puedes|pueden|te viene|les viene|podemos|hablamos)',
      ],
      unless: ['vacaciones|ausencia|oficina hasta'],
    },
    {
      class: 'meeting_request',

      when: [
        `(?:llamame|llameme|llamadme|llamanos|llamenme|llamar\\w*|llamas|llamais|llame|me llamas|me llama|telefonear\\w*)(?: \\S+){0,6} (?:${day}|${time}|al \\d|al movil|al telefono|al|cuando|antes|despues|entre|a mi)|llamame|llameme|llamadme|puedes? llamarme|pueden llamarme`,
        `(?:podemos|podriamos|podria|puedes|puede|podeis|pueden|quieres|quiere|vamos a|hablamos|hablemos|reunirnos|reunimos|vernos|nos vemos|quedamos|quedar|agend\\w+|program\\w+|concert\\w+|fij\\w+|conectamos|concretar|tener|hacer|organizar|coordinar|te parece|le parece|os parece|te va bien|le va bien|os va bien|proponme|propongame|propon)(?: \\S+){0,6} (?:hablar|reunion|llamada|videollamada|call|videoconferencia|cita|demo|demostracion|${day}|${time}|teams|zoom|meet|cafe|reunirnos|vernos|hueco)`,
        `(?:${day}|${time})(?: \\S+){0,6} (?:me viene|nos viene|me va|nos va|te va|le va|me encaja|puedo|podria|podemos|disponible|libre|perfecto|bien|te parece|le parece|hablamos|seria|tengo)|(?:me viene bien|nos viene bien|me va bien|nos va bien|estoy (?:libre|disponible)|estamos (?:libres|disponibles)|tengo (?:hueco|un hueco|tiempo|disponibilidad|libre)|puedo|disponibilidad)(?: \\S+){0,4} (?:${day}|${time})`,
        '(?:envia\\w*|manda\\w*|envie\\w*|mande\\w*|pasa\\w*|comparte\\w*|pase\\w*)(?: \\S+){0,3} (?:convocatoria|invitacion|horarios|fechas|agenda|calendario|disponibilidad|huecos|link de la reunion)|(?:cuando|que dia|a que hora|que horario)(?: \\S+){0,4} (?:hablar|llamar\\w*|reunir\\w*|bien|libre|disponible|hablamos|vernos|quedar|puedes|podeis)|(?:mi|este es mi|enlace a mi|link a mi|link de mi) (?:calendario|agenda|calendly)|(?:reunion|llamada|videollamada)(?: \\S+){0,4} (?:la semana|el|a las|esta tarde)',
      ],
      unless: ['fuera de la oficina', 'vacaciones', 'en mi ausencia', 'semestre', 'trimestre'],
    },
  ],
};

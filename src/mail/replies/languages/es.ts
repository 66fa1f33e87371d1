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
  back: '(?:de )?(?:vuelta|regreso)(?: a la oficina)?(?: el| a partir del?)*|vuelvo(?: a la oficina)?|volvere(?: a la oficina)?|regreso|regresare|reincorporo|reincorporare|me reincorporo|incorporare|incorporo|a partir del?|desde el|retomare|(?:de nuevo|nuevamente)(?: \\S+)?|atendere|respondere|contestare|reabrimos|abrimos',
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
  nextWeek: 'la semana que viene|la proxima semana|proxima semana',
  next: 'proximo|siguiente',
  rules: [
    {
      class: 'unsubscribe_request',
      fixed: true,
      when: [
        '^(?:por favor,? )?(?:baja|dar de baja|darme de baja|darse de baja|dadme de baja|deme de baja|dame de baja|borrar|eliminar|borrame|eliminame|stop|basta|desuscribir|desuscribirme|cancelar suscripcion|cancelar|unsubscribe|remover|remover de la lista|no mas correos|no mas emails|no mas)(?: (?:por favor|gracias|ya|de inmediato|inmediatamente))*$',
        '(?:no|nunca|ni)(?: \\S+){0,3} (?:recibir|reciba|recibamos|escriba\\w*|escribas|escribais|escribirme|escribirnos|contacte\\w*|contactes|contacteis|contactar\\w*|envie\\w*|envies|enviar\\w*|mande\\w*|mandes|mandeis|mandar\\w*|moleste\\w*|molestes|molesteis|vuelvas? a|volvais a|vuelvan a)(?: \\S+){0,5} ?(?:mas|nunca|correos?|emails?|e-mails?|mails?|mensajes|publicidad|escribir\\w*|contactar\\w*|molestar\\w*|enviar\\w*|comunicaciones)',
        '(?:no|nunca) (?:me|nos) (?:escriba\\w*|escribas|contacte\\w*|contactes|envie\\w*|envies|mande\\w*|mandes|moleste\\w*|molestes|llame\\w*) (?:mas|de nuevo|otra vez|nunca|nada)|(?:ni un|ningun) (?:\\S+ )?(?:correo|mail|email|mensaje) mas|no mas (?:correos?|emails?|mails?|mensajes|publicidad)',
        '(?:deja|dejad|deje|dejen|dejar|para|parad|paren|pare|cesen|basta) (?:ya )?de (?:mandar\\w*|enviar\\w*|escribir\\w*|contactar\\w*|spamear|hacer spam|molestar(?:me|nos) con)|(?:no (?:quiero|deseo|queremos|deseamos)|no me interesa)(?: \\S+)? (?:recibir|que me (?:contacten|escriban|envien)|vuestros (?:correos|mails)|estar en)',
        'darme de baja|dadme de baja|deme de baja|denme de baja|dame de baja|damos de baja|dar de baja (?:mi|este|esta|nuestro|nuestra|de)|(?:solicito|quiero|deseo|pido|ruego)(?: \\S+){0,3} (?:la baja|baja|mi baja|darme|que me den|que me deis)|rgpd|(?:derecho (?:al olvido|de supresion|de oposicion)|me opongo)|cancel\\w+ (?:mi |la )?suscripcion',
      ],
      unless: [
        'hasta (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|el)',
        'cumpl\\w+ (?:con )?(?:el )?rgpd',
        '(?:pueden|podemos|los usuarios|los contactos|clientes)',
      ],
    },
    {
      class: 'unsubscribe_request',
      when: [
        '(?:eliminar?|elimine\\w*|elimina\\w*|borrar?|borre\\w*|borra\\w*|quitar?|quite\\w*|quita\\w*|saca\\w*|saque\\w*|retire\\w*|retira\\w*|suprim\\w+|remover|remueva\\w*|excluya\\w*|excluir)(?: \\S+){0,5} (?:lista|listas|base|bases|mailing|mis datos|mi correo|mi direccion|mi email|mi mail|mi contacto|nuestros? \\S+|newsletter|registros|sistema|envios|ficheros?|esta direccion|este correo)',
        '(?:eliminame|borrame|quitame|sacame|quiteme|eliminenme|saquenme|quitadme|sacadme|borradme|borreme|elimineme|eliminadme|retirame|quitenme|borrenme|saqueme)|(?:dejad|deja|deje|dejen|dejadme|dejenme|dejame)(?:me|nos)? en paz',
      ],
      unless: ['(?:pueden|podemos|se puede|los usuarios|los contactos)', 'de donde', 'como (?:han|habeis|has) '],
    },
    {
      class: 'hostile',
      when: [
        'mierda|joder|jodete|jodanse|jodan|cabron\\w*|gilipollas|imbecil\\w*|idiotas?|estafador\\w*|estafa|ladrones|sinverguenzas?|verguenza|capullos?|payasos?|hijos? de puta|puta|puto|vete al|vayanse al|idos al|al infierno|a la mierda|al carajo|al diablo|basura|pesados?|asco|asquerosos?|hartos? de (?:vosotros|ustedes|vuestr\\w+|sus|tanto|recibir)|cansinos|timadores|timo|indignante|acoso|que cara dura|caradura|no tienen verguenza|dejad de molestar|dejen de molestar|deja de molestar|deje de molestar',
        '(?:mi|mis|nuestros?|nuestras?) abogad\\w+|denuncia\\w*|denunciar\\w*|demandar\\w*|acciones legales|tribunales|agencia de proteccion|aepd|reportar\\w* (?:como|a)|os voy a denunciar',
      ],
      unless: ['bufete', 'basura (?:espacial|reciclable)', 'carpeta', 'correo basura'],
    },
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
      unless: ['despues de (?:las|mis) vacaciones', 'darme de baja', 'dame de baja'],
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
      class: 'not_now',
      fixed: true,
      when: [
        '(?:ahora mismo|por ahora|por el momento|de momento|en este momento|en estos momentos|ahora|actualmente|este ano|hoy por hoy)(?:,)?(?: \\S+){0,4} (?:no|ningun\\w*|tampoco|otras prioridades|sin)|no(?: \\S+){0,3} (?:ahora|por ahora|de momento|por el momento|en este momento|este ano|todavia|aun|en estos momentos|prioridad|prioritario|buen momento|el momento|mejor momento|es el mejor)|todavia no|aun no|mal momento',
        '(?:escrib\\w+|contact\\w+|habl\\w+|llam\\w+|vuelv\\w+|volv\\w+|retom\\w+|pregunt\\w+|busc\\w+|insist\\w+|avis\\w+|recuerd\\w+|record\\w+|revis\\w+|dejemoslo|lo vemos|vemos)(?: \\S+){0,6} (?:mas adelante|mas tarde|despues|tras|en (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|otono|primavera|verano|invierno|unos|dos|tres|seis|\\d)|el (?:proximo|ano|mes|trimestre|semestre)|la (?:proxima|vuelta|primavera)|a (?:partir|finales|principios|la vuelta)|dentro de|proximo|otro momento|para (?:el|septiembre|enero)|pasad\\w+|q[1-4])',
        'el (?:proximo ano|ano que viene|ano proximo|proximo trimestre|proximo semestre)|(?:presupuesto|presupuestos)(?: \\S+){0,5} (?:cerrad\\w+|agotad\\w+|congelad\\w+|comprometid\\w+|asignad\\w+|hasta|gastad\\w+|aprobad\\w+)|sin presupuesto|no (?:tenemos|hay|disponemos de) presupuesto|mas adelante|(?:contrato)(?: \\S+){0,4} (?:hasta|vence|vigente|termina)|otras prioridades|en otro momento|hasta (?:enero|febrero|marzo|abril|septiembre|octubre|noviembre|despues)|proyectos? (?:parado|congelado|en pausa)\\w*',
      ],
      unless: ['fuera de la oficina', 'vacaciones', 'no (?:trabaja|me encargo|llevo)'],
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
      class: 'not_interested',
      fixed: true,
      when: [
        'no,? (?:muchas )?gracias|gracias,? pero no|^no$|^no[, ](?!(?:se|hay) )|no (?:nos|me|le)(?: \\S+){0,2} (?:interesa\\w*|encaja|hace falta|convence|cuadra|sirve|aporta|es util|resulta)|no (?:\\S+ ){0,3}?(?:interesad\\w+|necesit\\w+|lo necesit\\w+|tenemos (?:necesidad|interes)|tengo (?:necesidad|interes|ningun)|vemos|veo|queremos|lo vamos|vamos a|es para nosotros|es lo que|es de (?:nuestro|mi) interes|procede|requerimos|buscamos|nos hace|hay interes|seguir adelante|continuar|contratar|cambiar|encaja|aplica|sera posible)',
        'sin interes|(?:hemos|he) decidido (?:no|otr\\w+|seguir|quedarnos|descartar)|descartamos|descartado|rechaz\\w+|declin\\w+|demasiado car\\w+|muy car\\w+|paso,? gracias|ningun interes',
      ],
      unless: [
        'no solo',
        'no hay problema',
        'no pasa nada',
        'no soy',
        'no llevo',
        'no me encargo',
        'no trabaja',
        'no dude',
        'no se pued',
      ],
    },
    {
      class: 'not_interested',
      fixed: true,
      weak: true,
      when: [
        '(?:ya) (?:\\S+ ){0,2}?(?:tenemos|trabajamos|contamos|usamos|utilizamos|disponemos|lo hacemos|cubrimos|estamos (?:con|cubiertos|servidos|contentos))|(?:estamos|estoy) (?:\\S+ )?(?:content\\w+|satisfech\\w+|servid\\w+|cubiert\\w+)|(?:internamente|a nivel interno|en casa)',
      ],
      unless: ['no (?:estamos|estoy) (?:content|satisfech)'],
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

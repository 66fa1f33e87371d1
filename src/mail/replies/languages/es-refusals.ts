import type { Rule } from './rules.ts';

/** How Spanish says no: never again, rudely, later, or not at all. */
export const spanishRefusals: readonly Rule[] = [
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
    class: 'not_now',
    fixed: true,
    when: [
      '(?:ahora mismo|por ahora|por el momento|de momento|en este momento|en estos momentos|ahora|actualmente|este ano|hoy por hoy)(?:,)?(?: \\S+){0,4} (?:no|ningun\\w*|tampoco|otras prioridades|sin)|no(?: \\S+){0,3} (?:ahora|por ahora|de momento|por el momento|en este momento|este ano|todavia|aun|en estos momentos|prioridad|prioritario|buen momento|el momento|mejor momento|es el mejor)|todavia no|aun no|mal momento',
      '(?:escrib\\w+|contact\\w+|habl\\w+|llam\\w+|vuelv\\w+|volv\\w+|retom\\w+|pregunt\\w+|busc\\w+|insist\\w+|avis\\w+|recuerd\\w+|record\\w+|revis\\w+|dejemoslo|lo vemos|vemos)(?: \\S+){0,6} (?:mas adelante|mas tarde|despues|tras|en (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|otono|primavera|verano|invierno|unos|dos|tres|seis|\\d)|el (?:proximo|ano|mes|trimestre|semestre)|la (?:proxima|vuelta|primavera)|a (?:partir(?! de las)|finales|principios|la vuelta)|dentro de|proximo|otro momento|para (?:el|septiembre|enero)|pasad\\w+|q[1-4])',
      'el (?:proximo ano|ano que viene|ano proximo|proximo trimestre|proximo semestre)|(?:presupuesto|presupuestos)(?: \\S+){0,5} (?:cerrad\\w+|agotad\\w+|congelad\\w+|comprometid\\w+|asignad\\w+|hasta|gastad\\w+|aprobad\\w+)|sin presupuesto|no (?:tenemos|hay|disponemos de) presupuesto|mas adelante|(?:contrato)(?: \\S+){0,4} (?:hasta|vence|vigente|termina)|otras prioridades|en otro momento|hasta (?:enero|febrero|marzo|abril|septiembre|octubre|noviembre|despues)|proyectos? (?:parado|congelado|en pausa)\\w*',
    ],
    unless: ['fuera de la oficina', 'vacaciones', 'no (?:trabaja|me encargo|llevo)'],
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
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      '(?:ni|no|basta de|sin) (?:un |mas |una )*(?:correos?|emails?|mails?|mensajes?)(?: \\S+)? ?(?:mas|por favor|$)|(?:saca|saque|sacar|quita|quite|borra|borre|elimina|elimine|retira|retire|tacha)(?:me|nos|d|dme|nme|nnos)?(?: \\S+){0,3} (?:lista|base|mailing|sistema|datos|correo|envios|agenda)|(?:exijo|exigimos|solicito|pido|ruego|demando)(?: \\S+){0,4} (?:borr\\w+|elimin\\w+|supr\\w+|baja|dejen|cese\\w*|retir\\w+)|no (?:he|hemos|di|dimos)(?: \\S+)? (?:dado|autorizad\\w+|consentid\\w+|mi (?:permiso|consentimiento))|(?:marcar|marco|marcare|reportar|reporto)(?: \\S+){0,3} (?:como )?(?:spam|no deseado)|bloque\\w+|absteng\\w+ de|eviten? (?:enviar\\w*|contactar\\w*|escribir\\w*|mandar\\w*)',
    ],
    unless: ['(?:pueden|podemos|los usuarios)'],
  },
  {
    class: 'hostile',
    fixed: true,
    when: [
      'pesados?|idioteces|estupid\\w+|tont\\w+|mentiros\\w+|farsantes?|delincuentes?|chorizos?|vaya (?:cara|morro)|que morro|patetic\\w+|ridicul\\w+|lamentable|dejen de joder|no jodas|jodiendo|hasta (?:las narices|los huevos|los cojones)|cojones|cono|asco de|abogad\\w+|que os den|vete a|anda a',
    ],
    unless: ['bufete|somos abogados'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      '(?:hasta|antes de|no antes de) (?:el |la )?(?:otono|verano|invierno|primavera|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|proximo|que viene|ano)(?: \\S+){0,3}|(?:acabamos|acabo) de (?:renovar|firmar|contratar|cambiar|empezar|lanzar)(?: \\S+){0,4}|(?:hablamos|lo hablamos|lo vemos|retomamos)(?: \\S+)? (?:mas adelante|luego|despues|otro dia|el ano|en)|mas adelante|muy pronto para|demasiado pronto|quizas? (?:mas adelante|el|en|otro)|tal vez (?:mas adelante|el|en|otro)|otra ocasion|en unos meses|dentro de (?:unos|un|seis|tres)|en plena (?:reestructuracion|migracion|mudanza|fusion)|muy liad\\w+|hasta arriba|desbordad\\w+|saturad\\w+',
    ],
    unless: ['vacaciones|fuera de la oficina|ausente'],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      'no es (?:lo nuestro|para mi|lo que (?:buscamos|necesitamos)|de utilidad|relevante|viable|adecuado)|no (?:me|nos) (?:convence|aporta|sirve|compensa|encaja|conviene|apetece)|(?:ya )?(?:lo )?tenemos (?:ya )?(?:cubierto|resuelto|solucionado)|no (?:vamos|pensamos|tenemos pensado|tenemos previsto|contemplamos|queremos|estamos (?:interes|buscando))(?: \\S+){0,3}|preferimos (?:no|seguir|quedarnos)|lo dejamos|no insist\\w+|(?:es|resulta) (?:muy|demasiado) (?:caro|complejo|grande)',
    ],
    unless: ['no solo|no hay (?:problema|prisa)', '(?:lunes|martes|miercoles|jueves|viernes|a las)'],
  },
  {
    class: 'not_interested',
    fixed: true,
    weak: true,
    when: ['(?:mucha )?suerte|que (?:te|le|os|les) vaya bien|exitos?$'],
  },
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      '(?:quiero|queremos|deseo|quisiera|necesito)(?: \\S+)? (?:salir|irme|estar fuera|desaparecer)(?: \\S+){0,3} (?:lista|base|mailing)|(?:nada|sin|cero|no (?:quiero|queremos|deseo|acepto)) (?:mas )?(?:de )?(?:publicidad|propaganda|spam|ofertas)|no (?:tienen|teneis|tienes|tiene) (?:derecho|permiso|mi permiso|mi consentimiento|autorizacion)',
    ],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      'recuerd\\w+(?:lo)?(?: \\S+){0,2} (?:dentro|en|para|a|despues)(?: \\S+){1,3}|recordar\\w*(?: \\S+){0,2} (?:dentro|en|para|a|despues)',
    ],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: ['no (?:queremos|quiero|vamos a|pensamos|tenemos intencion de) (?:cambiar|sustituir|contratar|comprar)'],
  },
  {
    class: 'hostile',
    fixed: true,
    when: ['estafador\\w*|ladron\\w*|sinverguenza\\w*'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      '(?:retom\\w+|lo vemos|hablamos|hablemos|volvemos|revis\\w+)(?: \\S+){0,3} (?:despues|tras|pasad\\w+|a la vuelta|mas)|despues de (?:las )?(?:vacaciones|fiestas|navidades|verano|semana santa)|temporada alta|cuando (?:esto|todo|la cosa|acabe\\w*|terminemos)',
    ],
    unless: ['^estoy de vacaciones|estare'],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      'no (?:le |lo )?(?:vemos|veo|encontramos|encuentro) (?:la |ninguna |el |ningun )?(?:utilidad|sentido|uso|valor|beneficio|necesidad)|(?:debo|tengo que|tenemos que|prefiero|preferimos) (?:declinar|rechazar|decir que no|no)|(?:seguimos|nos quedamos|continuamos) con(?: \\S+){1,3}|(?:hemos|he) (?:elegido|escogido|optado|preferido)(?: \\S+){0,4}|no nos (?:hace falta|aporta)',
    ],
    unless: ['no (?:tengo|tenemos) que'],
  },
  {
    class: 'hostile',
    fixed: true,
    when: ['tonterias?|payas\\w+|chorradas|gilipolleces|basta ya|cretin\\w+'],
    unless: ['basta ya de (?:correos|emails|mails)'],
  },
];

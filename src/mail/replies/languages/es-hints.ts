import type { Rule } from './rules.ts';

const unit =
  '(?:el |la |los |nuestra? |mi |un |una )?(?:central|sede(?: \\S+)?|matriz|departamento(?: \\S+){0,2}|compras|direccion|gerencia|gerente|jef[ae]|agencia|administracion|informatica|marketing|socio|propietario|duen[oa]|grupo)';

/** What Spanish speakers say without the words that the other rules look for. */
export const spanishHints: readonly Rule[] = [
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      '(?:dar|dar(?:me|nos)|den|denme|deme|dame|solicito|quiero|pido|deseo|cursen?|tramit\\w+)(?: \\S+){0,3} (?:la )?baja(?: \\S+){0,4}|^(?:la )?baja(?: \\S+)?$|(?:borr|elimin|quit|sac|suprim|retir|remuev|cancel|anul|tach)(?:e|en|a|ar|as|enme|eme|ame|arme|arnos|enos|ennos|anme|adme|ad|an)?(?:me|nos|lo|los|la)?(?: \\S+){0,5} (?:listas?|base|bases|datos|correo|direccion|mail|e-?mail|contacto|registros?|suscripcion|envios|fichero|ficheros|mailing)|(?:borr|elimin|quit|sac|suprim)(?:enme|eme|ame|adme|arme|ennos)(?: \\S+){0,3}',
      '(?:no|nunca|jamas|tampoco)(?: \\S+){0,3} (?:envi(?:e|en|es|eis|arme|arnos)|mand(?:e|en|es|eis|arme|arnos)|escrib(?:a|an|as|ais|irme|irnos)|contact(?:e|en|es|eis|arme|arnos|ado|ados)|recib(?:ir|amos|a)|molest(?:e|en|es|eis)|llam(?:e|en|es)|insist(?:a|an|as)|vuelv(?:a|an|as|ais) a)(?: \\S+){0,5}(?: (?:mas|nunca|ningun\\w*|correos?|mensajes?|publicidad|mails?|e-?mails?|emails|nada))?|(?:par|dej|ces)(?:e|en|a|ad|ar|as|es)(?:nme|me)? (?:ya )?de (?:envi|mand|escrib|contact|molestarme|molestarnos|enviar|mandar|spam)\\S*(?: \\S+){0,4}|(?:no quiero|no deseo|no queremos|no deseamos)(?: \\S+){0,2} (?:mas|recibir|sus|tus|vuestros|ser contactad\\w+|que me)(?: \\S+){0,5}|(?:basta|ni un|ningun|no mas|sin mas|stop)(?: \\S+){0,3} (?:correos?|mensajes?|publicidad|mails?|e-?mails?|emails|spam|propaganda)|(?:me opongo|ejerzo|ejercer|derecho)(?: \\S+){0,6} (?:oposicion|supresion|cancelacion|olvido|datos|tratamiento|uso)|(?:rgpd|lopd|proteccion de datos)(?: \\S+){0,8} (?:borr\\w+|elimin\\w+|suprim\\w+|baja)|(?:como|donde)(?: \\S+){0,4} (?:de baja|desuscrib\\w+|cancelo la suscripcion|desapunt\\w+)|desuscrib\\w+|desapunt\\w+|(?:dejen|deje|deja|dejad)(?:me|nos)(?: ya)? (?:en paz|tranquil\\w+)|(?:no|nunca) (?:he |hemos )?(?:dado|di|autorice|autorizado|pedido|pedi|solicitado|solicite|suscrito)(?: \\S+){0,6}',
    ],
    unless: [
      '(?:destinatarios|clientes|contactos|usuarios)(?: \\S+)? (?:pueden|puede|se)',
      '(?:pueden|puede)(?: \\S+)? (?:darse|dar) de baja',
      'hasta (?:el|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|despues|que)',
      'baja (?:medica|laboral|maternal|por)|de baja (?:medica|hasta|por|laboral)|estoy de baja|esta de baja',
      'no (?:he |hemos )?(?:recibido|podido)',
      'no (?:dude|dudes)',
      'no responda a este|no contest\\S+ a este',
    ],
  },
  {
    class: 'hostile',
    fixed: true,
    when: [
      '(?:son|sois|eres|es usted|menud\\w+|panda de|banda de|pandilla de)(?: \\S+){0,3} (?:sinverguenzas?|estafador\\w*|pesad\\w+|ladron\\w*|timador\\w*|mentiros\\w+|parasitos?|idiotas?|imbecil\\w*|payasos?|asco|basura|verguenza|plaga|delincuentes)|sinverguenzas?|(?:vete|vayanse|iros|vayase|idos|anda)(?: \\S+)? (?:al diablo|a la mierda|a tomar|al carajo|al infierno|a paseo|a freir)|(?:mierda|joder|cono|cabron\\w*|gilipollas|hijos? de|basura|imbecil\\w*|idiotas?|estafa\\w*|timo|verguenza|asqueros\\w+|pesados|que asco|harto|hartos|harta)|(?:denunciar|denunciare|denuncia|demanda|demandar|abogad\\w+|policia|agencia de proteccion)(?: \\S+){0,5}|acoso|acosar\\w*|metan?(?:selo|se)(?: \\S+){0,4}|callate|largo de aqui',
    ],
    unless: [
      '(?:soy|somos|despacho de|bufete de) abogad\\w+|para abogad\\w+',
      'no es una estafa',
      'alta demanda|demanda de|en demanda',
      'harto de (?:nuestro|mi) proveedor',
    ],
  },
  {
    class: 'left_company',
    fixed: true,
    when: [
      '(?:ya )?no (?:forma|formo) parte(?: \\S+){0,5}|ya no (?:esta|estoy|trabaja|trabajo|pertenece|pertenezco|labora|laboro)(?: \\S+){0,4}|(?:dejo|deje|abandono|abandone|ha dejado|he dejado|se fue|me fui|se marcho|se ha marchado|se ha ido|salio|ha salido)(?: \\S+){0,3} (?:empresa|compania|organizacion|trabajo|cargo|puesto|firma|en \\S+|hace)(?: \\S+){0,3}|(?:se )?(?:ha )?(?:jubil\\w+|fallec\\w+|despedid\\w+|prejubil\\w+)|(?:cambi|ha cambiado|he cambiado)\\S*(?: de)? (?:empresa|trabajo|empleo)|(?:nuevo trabajo|nuevo empleo|nuevo puesto)(?: \\S+){0,3}|(?:mi|su) (?:contrato|relacion laboral)(?: \\S+)? (?:termino|finalizo|acabo|ha terminado|ha finalizado)(?: \\S+){0,4}|nadie con ese nombre|mi ultimo dia',
    ],
    unless: ['(?:no esta|no estoy) (?:interesad\\w+|disponible|en la oficina)', 'ya no esta (?:disponible|en vigor)'],
  },
  {
    class: 'wrong_person',
    fixed: true,
    when: [
      `(?:se|te|os)(?: \\S+)? (?:confund\\w+|equivoc\\w+|ha equivocado|han confundido)(?: \\S+){0,4}|(?:me|nos) (?:confund\\w+|ha confundido|han confundido)(?: \\S+){0,4}|(?:responsable|encargad\\w+|persona (?:indicada|adecuada|a cargo))(?: \\S+){0,3} (?:es|seria) (?!(?:para|lo|un|una)\\b)\\S+|(?:persona|numero|direccion|empresa|contacto) (?:equivocad\\w+|errone\\w+|incorrect\\w+)|(?:eso|esto|ese tema|este tema|esas cosas|las compras|todo|lo)(?: \\S+)? (?:se )?(?:decide|deciden|lleva|llevan|gestiona|gestionan|compra|compran|ve|ven|maneja|manejan|depende)(?: \\S+){0,3} ${unit}|${unit}(?: \\S+)? (?:decide|deciden|lleva|gestiona|compra|maneja|se encarga|se ocupa|es quien|son quienes)(?: \\S+){0,3}|(?:no soy|no es|no somos)(?: \\S+){0,3} (?:indicad\\w+|adecuad\\w+|responsable|encargad\\w+|quien (?:decide|lleva|gestiona)|correct\\w+|mi (?:tema|area|departamento|competencia|funcion|trabajo|responsabilidad))(?: \\S+){0,3}|(?:no (?:me|nos) (?:encargo|encargamos|ocupo|ocupamos|dedico|corresponde|compete)|no (?:llevo|gestiono|decido|manejo))(?: \\S+){0,4}|(?:reenvio|reenviado|remito|paso|pasado|derivo|traslado|traslade|he pasado|transmito)(?: \\S+){0,5} (?:a|al|con) (?:la|el|mi|mis|nuestr\\w+|los|quien|responsable|departamento|compan\\w+)(?: \\S+){0,3}|(?:pongo|incluyo|anado|copio)(?: \\S+){0,3} (?:en copia|en cc)(?: \\S+){0,3}|(?:pregunta|pregunte|habla|hable|contacta|contacte|escribe|escriba|consulta|consulte|dirijase|dirigete)(?: \\S+){0,2} (?:por|con|a|al) (?!(?:mi|nosotros|mas|partir)\\b)\\S+(?: en \\S+)?|(?:quien|la que|el que) (?:lleva|decide|gestiona|se encarga|se ocupa)|(?:soy|aqui somos|esto es|este correo es)(?: \\S+){0,2} (?:una? )?(?:escuela|particular|maestr\\w+|enfermer\\w+|dentista|estudiante|becari\\w+|recepcionista|jubilad\\w+)`,
    ],
    unless: [
      'urgencia|urgente|en mi ausencia',
      '(?:coordin\\w+|concret\\w+|cuadr\\w+)(?: \\S+)? con mi secretari\\w+',
      'consulta ha quedado|su consulta|tu consulta',
      '(?:quien|como)(?: \\S+){0,4}\\?$',
      'escrib\\w+ (?:en|a partir|despues)',
      'automatic\\w+',
    ],
  },
  {
    class: 'auto_reply',
    fixed: true,
    when: [
      '(?:consulta|solicitud|mensaje|correo|peticion|incidencia|ticket|candidatura|pedido|caso|reclamacion)(?: \\S+){0,4} (?:registrad\\w+|recibid\\w+|abiert\\w+|cread\\w+|asignad\\w+|tramitad\\w+|en tramite|atendid\\w+|procesad\\w+)(?: \\S+){0,4}|(?:direccion|buzon|correo|cuenta|bandeja)(?: \\S+){0,3} no (?:se (?:revisa|lee|atiende|supervisa|monitoriza)|esta (?:atendid\\w+|supervisad\\w+|monitorizad\\w+|habilitad\\w+)|es revisad\\w+)|(?:use|utilice|usa|rellene|acuda)(?: \\S+)? (?:el|nuestro) (?:formulario|portal|chat)(?: \\S+)?|(?:un|nuestro|uno de nuestros|el) (?:agente|equipo|asesor|asesores|representante|tecnico|gestor)(?: \\S+){0,3} (?:contactara|respondera|atendera|pondra|revisara)(?: \\S+){0,4}|automatic\\w+|no responda a este|numero de (?:caso|ticket|referencia|incidencia|solicitud)|acuse de recibo|acusamos recibo|horario de atencion|le (?:responderemos|contestaremos|atenderemos|contactaremos)(?: \\S+){0,6}|(?:gracias por|agradecemos) (?:contactar|ponerse en contacto|escribir\\S*|su (?:solicitud|mensaje|consulta|candidatura|pedido|compra))',
    ],
    unless: [
      'no (?:nos|me|estamos|estoy) interes\\w+',
      '(?:^|, )pero',
      '\\?$',
      '(?:me gustaria|quisiera|quiero|podemos hablar)',
    ],
  },
  {
    class: 'out_of_office',
    fixed: true,
    when: [
      '(?:estoy|estare|me encuentro|me hallo|estamos|estaremos|esta)(?: \\S+){0,3} (?:de viaje|de vacaciones|de permiso|de baja|fuera|ausente|ausentes|cerrados?|en un congreso|en una feria|en formacion|sin acceso|con acceso limitado)(?: \\S+){0,4}|^(?:de viaje|de vacaciones|fuera de|cerrado|ausente)|(?<!(?:lo|la|los|las) )(?:contestare|respondere|contesto|respondo|leere|atendere|revisare)(?: \\S+){0,4} (?:a partir|el|cuando|a mi|desde|en cuanto|lunes|martes|miercoles|jueves|viernes)(?: \\S+){0,3}|(?:cerrad\\w+|cierre|cerramos)(?: \\S+)? por (?:vacaciones|inventario|festivo|descanso)|(?:reabrimos|abriremos|volvemos)(?: \\S+){0,4}|(?:baja (?:medica|maternal|laboral)|permiso de (?:maternidad|paternidad)|excedencia)',
    ],
    unless: ['(?:hablamos|llam\\w+|reunir\\w+|quedamos)', 'despues de (?:mis|las|sus) vacaciones', '\\?$'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      '(?:vuelv|escrib|contact|llam|habl|busc|recuerd|insist|pregunt|retom|consult)(?:a|e|an|en|as|es|ame|eme|enme|ame|anos|amos|emos|elo|emoslo|ir|er|ar)?(?:me|nos|lo)?(?: \\S+){0,4} (?:en (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|unos|unas|otono|primavera|verano|invierno|20\\d\\d|el (?:proximo|segundo|tercer|cuarto))|despues|tras|pasado|pasadas|mas adelante|mas tarde|el (?:ano|trimestre|mes|semestre|otono|verano) (?:que viene|proximo)|el proximo|la proxima temporada|cuando|dentro de|a partir de (?:enero|febrero|marzo|abril|mayo|junio|julio|septiembre|octubre|noviembre|diciembre))(?: \\S+){0,4}|(?:otras|con otras|otros) (?:prioridades|proyectos|asuntos|temas|frentes|urgencias)|(?:mas adelante|quizas? mas tarde|tal vez|quiza|quizas|a lo mejor|puede que)(?: \\S+){0,5}$|no es (?:\\S+ )?(?:el|buen|mejor|un buen)? ?momento(?: \\S+){0,3}|mal momento|(?:ahora|hoy por hoy|por ahora|de momento|por el momento|este ano|este trimestre|actualmente)(?: \\S+)? no(?: \\S+){0,5}|(?:acabamos|acabo|acaban) de (?:firmar|renovar|contratar|cambiar|implantar|empezar|invertir|comprar)(?: \\S+){0,4}|(?:presupuesto|presupuestos)(?: \\S+){0,4} (?:agotad\\w+|cerrad\\w+|congelad\\w+|gastad\\w+|comprometid\\w+|asignad\\w+)|(?:contrato|contratos|permanencia|compromiso)(?: \\S+){0,5} hasta(?: \\S+){0,3}|(?:en plen[ao]|en medio de|en mitad de)(?: \\S+){0,3} (?:fusion|mudanza|reestructuracion|migracion|cierre|cambio|reorganizacion)|(?:guardo|guardamos|tendre|tendremos|conservo)(?: \\S+){0,4} (?:contacto|datos|en cuenta|informacion)(?: \\S+){0,3}',
    ],
    unless: [
      '(?:vacaciones|oficina|ausente)(?! del verano)(?<!despues de las vacaciones|tras las vacaciones)',
      '(?:lunes|martes|miercoles|jueves|viernes|manana|a las \\d|al \\d)',
      'no (?:vuelv|escrib|contact|llam)\\w+',
      'trabajamos con otra',
    ],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      '(?:lo|esto|eso|todo)?(?: )?(?:hacemos|hago|gestionamos|llevamos|desarrollamos|tenemos|resolvemos)(?: \\S+){0,3} (?:nosotros mismos|nosotras mismas|internamente|yo mismo|ya|cubierto|en casa|propi\\w+|a nivel interno)|ya (?:tenemos|contamos|trabajamos|usamos|disponemos|contratamos|lo tenemos|lo hacemos|estamos)(?: \\S+){0,5}|(?:no (?:le |les |te |os )?(?:vemos|veo|encontramos|encuentro|vamos|voy|queremos|quiero|necesitamos|necesito|nos hace|me hace|nos encaja|me encaja|encaja|entra|entran|nos sirve|sirve|aplica|procede|compensa|nos compensa|nos convence|me convence|nos cuadra|es (?:para nosotros|para mi|lo nuestro|de nuestro|lo que)|esta en nuestros|hay interes|tenemos interes|tenemos intencion|tenemos previsto|tenemos necesidad|seguiremos|seguimos|continuaremos|contratamos|compramos|usamos|utilizamos))(?: \\S+){0,6}|(?:decidido|optado|preferimos|prefiero|elegido|escogido|apostado|quedamos|quedarnos|seguir|seguimos|continuar)(?: \\S+){0,3} (?:no|por otr\\w+|otr\\w+|con (?:lo|el|la|nuestr\\w+|otr\\w+)|en contra|como estamos|seguir)(?: \\S+){0,5}|(?:demasiado|muy) (?:caro|cara|complicad\\w+|grande)|fuera de (?:nuestro )?presupuesto|(?:rechaz|declin|descart)\\w+(?: \\S+){0,4}|(?:suerte|exitos)(?: \\S+){0,4}$|contentos? con|satisfech\\w+ con|paso,? gracias|(?:ningun|nulo|poco|cero) interes',
    ],
    unless: [
      '(?:de momento|por ahora|por el momento|ahora mismo|este ano|actualmente) no',
      'no (?:estamos|estoy) (?:content\\w+|satisfech\\w+)',
      '(?:teneis|tienen|tienes|tiene) ya|\\?$',
      'no (?:veo|encuentro) (?:el|la) (?:enlace|adjunto|precio)',
      'no solo',
      'no voy a estar|no vamos a estar',
    ],
  },
  {
    class: 'interested',
    fixed: true,
    when: [
      '(?:me|nos) (?:gustaria|encantaria|vendria|vendria bien|interesaria|apetece|convence|encaja|gusta)(?: \\S+){0,2} (?:probarlo|probar|verlo|ver|conocer\\S*|saber|recibir|tener|algo asi|mucho|bastante|la idea|hacer una prueba|una demo|contar)(?: \\S+){0,3}|(?:encaja|cuadra)(?: \\S+)? (?:bastante|bien|perfectamente|mucho)|(?:cuentame|cuenteme|cuentenos|digame|expliqueme|explicame|contadme|contadnos|cuentanos)(?: \\S+){0,2}|que (?:hace falta|necesita|necesitan|necesitas|hay que hacer)(?: \\S+){0,4}|como (?:empezamos|lo hacemos|seguimos|procedemos|arrancamos|contratamos|contrato|se contrata|me apunto)|(?:mand|envi|pas|hag|prepar|remit|facilit)(?:e|en|a|ad|es|ame|eme|enme|anos|enos|ennos|admelo|adnos)?(?:me|nos)?(?: \\S+){0,4} (?:propuesta|presupuesto|informacion|info|tarifas|precios|oferta|cotizacion|detalles|documentacion|catalogo|demo|presentacion|folleto)(?: \\S+){0,3}|(?:apunt|inclu|anad|registr)(?:ame|eme|adme|anos|enos|enme)(?: \\S+){0,3}|(?:exactamente|justo|precisamente) lo que (?:buscamos|necesitamos|busco|necesito|buscabamos)|(?:adelante|trato hecho|cuenten conmigo|cuenta conmigo|me apunto|vamos a ello)(?: \\S+){0,3}',
    ],
    unless: [
      '(?:no|nunca|sin|ningun|tampoco)(?: \\S+){0,3} (?:envi|mand|pas|encaja|gusta|interes|cuadra|convence|gustaria|apetece)\\w*',
      'de baja|elimin\\w+|borr\\w+',
      'abogad\\w+|denunci\\w+',
    ],
  },
  {
    class: 'meeting_request',
    fixed: true,
    when: [
      '(?:coordin|concret|cuadr|agend|acord|fij|cerr|organiz|program|reserv)\\w*(?: \\S+){0,6} (?:secretari\\w+|asistente|reunion|cita|llamada|fecha|hora|hueco|videollamada)(?: \\S+){0,3}|(?:puede|puedes|pueden|podeis|podria|podrias)(?: \\S+)? (?:llamarme|llamarnos|llamar|pasarse|pasar por|venir|visitarnos|reunirse|conectarse)(?: \\S+){0,6}|(?:tengo|tenemos|dispongo|tendria)(?: \\S+)? (?:un hueco|hueco|un rato|tiempo|disponibilidad|libre|media hora|una hora|unos minutos)(?: \\S+){0,5}|(?:llam|telefone)(?:ame|eme|enme|anos|adme|eme)(?: \\S+){0,5}|(?:nos vemos|quedamos|reunirnos|reunamonos|hablemos|hablamos|veamonos|conectamos)(?: \\S+){0,6}|(?:viene|vendria|va|iria|parece)(?: \\S+)? bien(?: \\S+){0,2} (?:lunes|martes|miercoles|jueves|viernes|manana|semana|las|mediodia)(?: \\S+){0,2}|(?:en persona|cara a cara|por telefono|por videollamada|tomando un cafe|por teams|por zoom)(?: \\S+){0,3}|(?:estoy|estare) (?:libre|disponible|en la oficina)(?: \\S+){0,5}|(?:pase|pasese|pasate|venga|ven|acerquese)(?: \\S+)? (?:por|a) (?:nuestr\\w+|mi|la|el)(?: \\S+){0,3}',
    ],
    unless: [
      'vacaciones|ausente|urgen\\w+|fuera de la oficina',
      'no(?: \\S+){0,3} (?:llam\\w+|tengo tiempo|hablemos|tengo un hueco|disponib\\w+)',
      '(?:en|para) (?:enero|febrero|marzo|abril|septiembre|octubre|noviembre|diciembre|otono|primavera)|ano que viene|despues del verano|proximo (?:ano|trimestre)',
      'abogad\\w+',
      'hablamos (?:ingles|frances|espanol|aleman)',
    ],
  },
];
